package io.windlass.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keeps a secret out of what others say, who may quote it. */
public final class Mask {
  private static final String SHOWN = "***";

  /** Shorter ones stand in ordinary words as well. */
  private static final int SHORTEST = 6;

  private Mask() {}

  /**
   * A text without the secret: where it stands as a password, and everywhere when it is long enough
   * not to stand there by chance.
   *
   * @param secret empty for none
   */
  public static String of(String text, String secret) {
    if (secret.isEmpty()) {
      return text;
    }
    if (secret.length() >= SHORTEST) {
      return text.replace(secret, SHOWN);
    }
    return Pattern.compile(
            "(://[^/@\\s:]*:)%1$s(?=@)|(\\b(?:password|pwd)=)%1$s(?![^&;,\\s'\")])"
                .formatted(Pattern.quote(secret)),
            Pattern.CASE_INSENSITIVE)
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(found.group(1) == null ? found.group(2) : found.group(1))
                + SHOWN);
  }
}
