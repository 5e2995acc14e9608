package io.windlass.http;

import io.javalin.http.Context;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** Names each request, so that an answer and the log line about it can be matched. */
public final class RequestId {
  static final String HEADER = "X-Request-Id";
  private static final String ATTRIBUTE = "windlass.request";
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private RequestId() {}

  /** The caller's own id when it is harmless, else a new one; the answer repeats it. */
  static void assign(Context context) {
    String given = context.header(HEADER);
    String id = given != null && SANE.matcher(given).matches() ? given : fresh();
    context.attribute(ATTRIBUTE, id);
    context.header(HEADER, id);
  }

  public static String of(Context context) {
    String id = context.attribute(ATTRIBUTE);
    return id == null ? "-" : id;
  }

  private static String fresh() {
    return "%016x".formatted(ThreadLocalRandom.current().nextLong());
  }
}
