package io.windlass.execution;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of its parent's questions an execution answers, as its row has it: {@code step/visit/key}.
 */
record ParentKey(String step, int visit, String key) {
  private static final Pattern FORM = Pattern.compile("(.+?)/(\\d{1,9})/(.*)", Pattern.DOTALL);

  /** Empty for what is none. */
  static Optional<ParentKey> parse(String text) {
    Matcher parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new ParentKey(parts.group(1), Integer.parseInt(parts.group(2)), parts.group(3)))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return step + "/" + visit + "/" + key;
  }
}
