package io.windlass.text;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Text with placeholders: {@code {word}} or {@code {word.word}}, optionally with a {@code
 * |fallback}, quoted or bare. One pass, in time linear in the text: a value that holds a
 * placeholder itself is not expanded, and an unknown placeholder without fallback stays as it is.
 */
public final class Template {
  /** The most characters that a rendered text may have. */
  public static final int MAX_LENGTH = 32 << 20;

  private Template() {}

  /** What stands for a placeholder; null leaves it in the text. */
  @FunctionalInterface
  public interface Values {
    @Nullable String of(Placeholder placeholder);
  }

  public static String render(String text, State state) {
    return render(text, state, UnaryOperator.identity());
  }

  /**
   * What a text stands for: one that is a single placeholder for the variable's value as it is, a
   * list or a number; any other for itself, rendered.
   */
  public static JsonNode value(String text, State state) {
    if (text.startsWith("{") && text.endsWith("}")) {
      Placeholder whole = Placeholder.at(text, 0, false);
      if (whole != null && whole.end() == text.length()) {
        Optional<JsonNode> value = state.find(whole.name());
        if (value.isPresent()) {
          return value.get();
        }
      }
    }
    return Json.text(render(text, state));
  }

  /**
   * Renders with every inserted value (not the text around) passed through {@code quote}; a shell
   * command is rendered so.
   *
   * @throws WindlassException TOO_LARGE when the result passes {@link #MAX_LENGTH}
   */
  public static String render(String text, State state, UnaryOperator<String> quote) {
    return fill(text, false, placeholder -> resolve(placeholder, state, quote));
  }

  /**
   * Renders by a rule of the caller's.
   *
   * @param hyphens whether words may hold hyphens, as the ids of pipeline references do
   * @throws WindlassException TOO_LARGE when the result passes {@link #MAX_LENGTH}
   */
  public static String fill(String text, boolean hyphens, Values values) {
    int open = text.indexOf('{');
    if (open < 0) {
      return text;
    }
    StringBuilder out = null;
    int copied = 0;
    while (open >= 0) {
      Placeholder found = Placeholder.at(text, open, hyphens);
      String value = found == null ? null : values.of(found);
      if (found == null || value == null) {
        open = text.indexOf('{', found == null ? open + 1 : found.end());
        continue;
      }
      out = out == null ? new StringBuilder(text.length() + value.length()) : out;
      out.append(text, copied, open);
      if ((long) out.length() + value.length() > MAX_LENGTH) {
        throw new WindlassException(
            ErrorCode.TOO_LARGE,
            "The text with its variables filled in passes %d characters at {%s}; shorten the variable"
                .formatted(MAX_LENGTH, found.name()));
      }
      out.append(value);
      copied = found.end();
      open = text.indexOf('{', copied);
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  /** The placeholders of a text, in its order. */
  public static List<Placeholder> placeholders(String text, boolean hyphens) {
    List<Placeholder> found = new ArrayList<>();
    int open = text.indexOf('{');
    while (open >= 0) {
      Placeholder placeholder = Placeholder.at(text, open, hyphens);
      if (placeholder != null) {
        found.add(placeholder);
      }
      open = text.indexOf('{', placeholder == null ? open + 1 : placeholder.end());
    }
    return found;
  }

  /**
   * The documented look-up: the whole name, its first word, the fallback; null when none is known.
   */
  public static @Nullable String resolve(
      Placeholder placeholder, State state, UnaryOperator<String> quote) {
    if (state.has(placeholder.name())) {
      return quote.apply(state.text(placeholder.name()));
    }
    if (state.has(placeholder.first())) {
      return quote.apply(state.text(placeholder.first()));
    }
    return placeholder.fallback().isEmpty() ? null : quote.apply(placeholder.fallback());
  }
}
