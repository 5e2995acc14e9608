package io.windlass.image;

import org.jspecify.annotations.Nullable;

/**
 * A picture as it came.
 *
 * @param format {@code png}, {@code jpg}, {@code webp} or {@code gif}, by its first bytes
 * @param revisedPrompt the prompt that the provider made of the given one; null when it told none
 */
record Picture(
    byte[] bytes,
    String format,
    @Nullable String revisedPrompt,
    long inputTokens,
    long outputTokens) {

  /** The format that the first bytes tell; empty when they are no picture's. */
  static String formatOf(byte[] bytes) {
    if (begins(bytes, 0, 0x89, 'P', 'N', 'G')) {
      return "png";
    }
    if (begins(bytes, 0, 0xff, 0xd8, 0xff)) {
      return "jpg";
    }
    if (begins(bytes, 0, 'R', 'I', 'F', 'F') && begins(bytes, 8, 'W', 'E', 'B', 'P')) {
      return "webp";
    }
    return begins(bytes, 0, 'G', 'I', 'F', '8') ? "gif" : "";
  }

  private static boolean begins(byte[] bytes, int from, int... expected) {
    if (bytes.length < from + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[from + i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
