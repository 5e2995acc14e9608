package io.windlass.text;

import io.windlass.step.State;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text with placeholders: {@code {word}} or {@code {word.word}}, optionally with a {@code
 * |fallback}, quoted or bare. One pass; an unknown placeholder without fallback stays as it is.
 */
public final class Template {
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\{(\\w+)((?:\\.\\w+)*)(?:\\|(?:\"([^\"]*)\"|'([^']*)'|([^\\s\"'{}]*)))?\\}");

  private Template() {}

  public static String render(String text, State state) {
    return render(text, state, UnaryOperator.identity());
  }

  /**
   * Renders with every inserted value (not the text around) passed through {@code quote}; a shell
   * command is rendered so.
   */
  public static String render(String text, State state, UnaryOperator<String> quote) {
    if (text.indexOf('{') < 0) {
      return text;
    }
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(resolve((Matcher) match, state, quote)));
  }

  private static String resolve(Matcher match, State state, UnaryOperator<String> quote) {
    String first = match.group(1);
    String whole = first + match.group(2);
    if (state.has(whole)) {
      return quote.apply(state.text(whole));
    }
    if (state.has(first)) {
      return quote.apply(state.text(first));
    }
    for (int group = 3; group <= 5; group++) {
      String fallback = match.group(group);
      if (fallback != null && !fallback.isEmpty()) {
        return quote.apply(fallback);
      }
    }
    return match.group();
  }
}
