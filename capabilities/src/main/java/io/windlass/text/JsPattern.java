package io.windlass.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as chains write it (JavaScript's dialect), with its work bounded: one that
 * backtracks without end is stopped after a fixed number of character reads, and at once when its
 * thread is interrupted.
 */
public final class JsPattern {
  private static final long READS = 1_000_000_000L;

  private final String source;
  private final Pattern pattern;
  private final long reads;

  private JsPattern(String source, Pattern pattern, long reads) {
    this.source = source;
    this.pattern = pattern;
    this.reads = reads;
  }

  /**
   * Compiles an expression.
   *
   * @throws IllegalArgumentException when it is none; the message says why
   */
  public static JsPattern compile(String regex) {
    return compile(regex, READS);
  }

  static JsPattern compile(String regex, long reads) {
    try {
      return new JsPattern(regex, Pattern.compile(JsRegex.toJava(regex)), reads);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the regular expression \"%s\" is not valid: %s"
              .formatted(Excerpt.of(regex, 200), e.getDescription()),
          e);
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("the regular expression is nested too deeply", e);
    }
  }

  /** What a search may throw: its work passed the bound. */
  public static final class TooMuchWork extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMuchWork(String message) {
      super(message);
    }
  }

  public boolean finds(CharSequence text) {
    return bounded(() -> matcher(text).find());
  }

  /** Every match, whole. */
  public List<String> matches(CharSequence text) {
    return bounded(() -> {
      List<String> found = new ArrayList<>();
      Matcher matcher = matcher(text);
      while (matcher.find()) {
        found.add(text.subSequence(matcher.start(), matcher.end()).toString());
      }
      return found;
    });
  }

  /**
   * Replaces every match. In the replacement {@code $1}, {@code $<name>} stand for groups, {@code
   * $&} for the match, {@code $$} for a dollar sign.
   *
   * @param limit the most characters that the result may have
   */
  public String replaceAll(String text, String replacement, int limit) {
    return bounded(() -> {
      StringBuilder out = new StringBuilder();
      Matcher matcher = matcher(text);
      int copied = 0;
      while (matcher.find()) {
        out.append(text, copied, matcher.start());
        JsReplacement.append(out, replacement, text, matcher, pattern.namedGroups());
        copied = matcher.end();
        if (out.length() > limit) {
          throw new TooMuchWork("the result passes %d characters".formatted(limit));
        }
      }
      return out.append(text, copied, text.length()).toString();
    });
  }

  private Matcher matcher(CharSequence text) {
    return pattern.matcher(new MeteredText(text, 0, text.length(), new Meter(reads, source)));
  }

  private <T> T bounded(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError e) {
      throw new TooMuchWork(
          "the regular expression \"%s\" needs too deep a recursion on this text; write it without a repeated group"
              .formatted(Excerpt.of(source, 200)));
    }
  }

  /** Counts the reads of one search. */
  private static final class Meter {
    private final String source;
    private long left;

    Meter(long left, String source) {
      this.left = left;
      this.source = source;
    }

    void tick() {
      if (--left < 0) {
        throw new TooMuchWork(
            "the regular expression \"%s\" takes too long on this text; write it without nested repetition"
                .formatted(Excerpt.of(source, 200)));
      }
      if ((left & 0xFFF) == 0 && Thread.currentThread().isInterrupted()) {
        throw new TooMuchWork("interrupted while matching");
      }
    }
  }

  private record MeteredText(CharSequence text, int start, int end, Meter meter)
      implements CharSequence {
    @Override
    public int length() {
      return end - start;
    }

    @Override
    public char charAt(int index) {
      meter.tick();
      return text.charAt(start + index);
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new MeteredText(text, start + from, start + to, meter);
    }

    @Override
    public String toString() {
      return text.subSequence(start, end).toString();
    }
  }
}
