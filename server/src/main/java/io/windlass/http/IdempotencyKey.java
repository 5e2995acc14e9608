package io.windlass.http;

import io.javalin.http.Context;
import io.windlass.kernel.WindlassException;
import org.jspecify.annotations.Nullable;

/** The key under which a client may send a request again and get the answer of the first. */
public final class IdempotencyKey {
  private static final String HEADER = "Idempotency-Key";
  private static final int LONGEST = 255;

  private IdempotencyKey() {}

  /**
   * The request's key; null when it has none.
   *
   * @throws WindlassException INVALID_INPUT when it is longer than 255 characters
   */
  public static @Nullable String of(Context context) {
    String key = context.header(HEADER);
    if (key == null || key.isBlank()) {
      return null;
    }
    if (key.length() > LONGEST) {
      throw WindlassException.invalid(
          "%s may have %d characters, but this one has %d"
              .formatted(HEADER, LONGEST, key.length()));
    }
    return key.strip();
  }
}
