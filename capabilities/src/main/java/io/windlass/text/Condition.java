package io.windlass.text;

import io.windlass.step.State;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The condition language: {@code L == "R"}, {@code L != "R"}, {@code L contains "R"}, {@code L >
 * N}, {@code L < N}, tried in this order; otherwise true unless empty, {@code false} or {@code 0}.
 *
 * <p>The operator is looked for in the condition as written and only then in the rendered text, so
 * that a value which happens to hold {@code == "…"} does not become the operator.
 */
public final class Condition {
  private enum Operator {
    EQUAL("=="),
    UNEQUAL("!="),
    CONTAINS("contains"),
    GREATER(">"),
    LESS("<");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }
  }

  private record Parts(Operator operator, String left, String right) {}

  private Condition() {}

  public static boolean holds(String condition, State state) {
    return holds(condition, text -> Template.render(text, state));
  }

  /** With placeholders filled in by {@code render}. */
  public static boolean holds(String condition, UnaryOperator<String> render) {
    Parts written = split(condition);
    if (written != null) {
      return compare(written.operator, render.apply(written.left), render.apply(written.right));
    }
    String rendered = render.apply(condition);
    Parts inValues = split(rendered);
    if (inValues != null) {
      return compare(inValues.operator, inValues.left, inValues.right);
    }
    String plain = rendered.strip();
    return !plain.isEmpty() && !plain.equals("false") && !plain.equals("0");
  }

  /** Whether a condition compares; otherwise it asks only whether there is something. */
  public static boolean compares(String condition) {
    return split(condition) != null;
  }

  private static boolean compare(Operator operator, String left, String right) {
    return switch (operator) {
      case EQUAL -> left.strip().equals(right);
      case UNEQUAL -> !left.strip().equals(right);
      case CONTAINS -> left.contains(right);
      case GREATER -> leadingNumber(left) > Double.parseDouble(right);
      case LESS -> leadingNumber(left) < Double.parseDouble(right);
    };
  }

  private static @Nullable Parts split(String text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    if (end == 0) {
      return null;
    }
    return text.charAt(end - 1) == '"' ? quoted(text, end - 1) : numeric(text, end);
  }

  /** The leftmost of the first of the three operators that is followed by the quoted right side. */
  private static @Nullable Parts quoted(String text, int closingQuote) {
    for (Operator operator : new Operator[] {Operator.EQUAL, Operator.UNEQUAL, Operator.CONTAINS}) {
      int at = text.indexOf(operator.sign);
      while (at >= 0) {
        int after = at + operator.sign.length();
        int quote = skipSpace(text, after);
        boolean apart =
            operator != Operator.CONTAINS
                || (quote > after && (at == 0 || Character.isWhitespace(text.charAt(at - 1))));
        if (apart && quote < closingQuote && text.charAt(quote) == '"') {
          return new Parts(
              operator, text.substring(0, at), text.substring(quote + 1, closingQuote));
        }
        at = text.indexOf(operator.sign, after);
      }
    }
    return null;
  }

  private static @Nullable Parts numeric(String text, int end) {
    int start = end;
    while (start > 0 && isDigit(text.charAt(start - 1))) {
      start--;
    }
    if (start == end) {
      return null;
    }
    int sign = start > 0 && text.charAt(start - 1) == '-' ? start - 1 : start;
    int at = sign;
    while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
      at--;
    }
    if (at == 0) {
      return null;
    }
    String right = text.substring(sign, end);
    return switch (text.charAt(at - 1)) {
      case '>' -> new Parts(Operator.GREATER, text.substring(0, at - 1), right);
      case '<' -> new Parts(Operator.LESS, text.substring(0, at - 1), right);
      default -> null;
    };
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** {@code 8/10} is 8; what begins with no number is NaN: never greater, never less. */
  private static double leadingNumber(String text) {
    int start = skipSpace(text, 0);
    int at = start;
    if (at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+')) {
      at++;
    }
    int digits = at;
    while (at < text.length() && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    int end = at;
    int dot = text.indexOf('.', digits);
    int secondDot = dot < 0 || dot >= end ? -1 : text.indexOf('.', dot + 1);
    end = secondDot >= 0 && secondDot < end ? secondDot : end;
    try {
      return Double.parseDouble(text.substring(start, end));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
