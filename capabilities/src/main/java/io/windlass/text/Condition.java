package io.windlass.text;

import io.windlass.step.State;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The condition language: {@code L == "R"}, {@code L != "R"}, {@code L contains "R"}, {@code L >
 * N}, {@code L < N}, tried in this order on the rendered text; otherwise true unless empty, false
 * or 0.
 */
public final class Condition {
  private static final Pattern EQUAL = Pattern.compile("(?s)^(.*?)\\s*==\\s*\"(.*?)\"\\s*$");
  private static final Pattern UNEQUAL = Pattern.compile("(?s)^(.*?)\\s*!=\\s*\"(.*?)\"\\s*$");
  private static final Pattern CONTAINS =
      Pattern.compile("(?s)^(.*?)\\s+contains\\s+\"(.*?)\"\\s*$");
  private static final Pattern GREATER = Pattern.compile("(?s)^(.*?)\\s*>\\s*(-?\\d+)\\s*$");
  private static final Pattern LESS = Pattern.compile("(?s)^(.*?)\\s*<\\s*(-?\\d+)\\s*$");

  private Condition() {}

  public static boolean holds(String condition, State state) {
    return holds(Template.render(condition, state));
  }

  private static boolean holds(String text) {
    Matcher match = EQUAL.matcher(text);
    if (match.matches()) {
      return match.group(1).trim().equals(match.group(2));
    }
    match = UNEQUAL.matcher(text);
    if (match.matches()) {
      return !match.group(1).trim().equals(match.group(2));
    }
    match = CONTAINS.matcher(text);
    if (match.matches()) {
      return match.group(1).trim().contains(match.group(2));
    }
    match = GREATER.matcher(text);
    if (match.matches()) {
      return number(match.group(1)) > Long.parseLong(match.group(2));
    }
    match = LESS.matcher(text);
    if (match.matches()) {
      return number(match.group(1)) < Long.parseLong(match.group(2));
    }
    String plain = text.trim();
    return !plain.isEmpty() && !plain.equals("false") && !plain.equals("0");
  }

  /** A left side that is no number compares as NaN: never greater, never less. */
  private static double number(String text) {
    try {
      return Double.parseDouble(text.trim());
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
