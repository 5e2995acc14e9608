package io.windlass.text;

/** Marked texts that stand, in a dry run, where a real run would have an answer or a result. */
public final class StandIn {
  /** Begins every stand-in, so that a reader and a count can tell it from real text. */
  public static final String MARK = "dry run: stand-in for ";

  /** How long, in tokens, the real text is taken to be. */
  public static final int ASSUMED_TOKENS = 500;

  private StandIn() {}

  /** In brackets, for running text. */
  public static String text(String what) {
    return "[" + words(what) + "]";
  }

  /** Without brackets, for the inside of a JSON text. */
  public static String words(String what) {
    return MARK + what;
  }

  /**
   * About how many tokens a text has: its UTF-8 bytes by four, and {@link #ASSUMED_TOKENS} for each
   * stand-in within.
   */
  public static long tokens(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Each half of a surrogate pair is two of its four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    long standIns = 0;
    for (int at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at + MARK.length())) {
      standIns++;
    }
    return (bytes + 3) / 4 + standIns * ASSUMED_TOKENS;
  }
}
