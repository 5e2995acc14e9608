package io.windlass.text;

/** The beginning of a text, for messages and previews. */
public final class Excerpt {
  private Excerpt() {}

  /** At most {@code limit} characters, then an ellipsis; never half a surrogate pair. */
  public static String of(String text, int limit) {
    return text.length() <= limit ? text : head(text, limit) + "…";
  }

  /** The first {@code limit} characters, one less where that would cut a surrogate pair. */
  public static String head(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int cut = limit > 0 && Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, cut);
  }
}
