package io.windlass.http;

import io.javalin.http.Context;

/**
 * Who makes a request.
 *
 * @param user the user; {@link #LOCAL} for the single one of a server without accounts
 */
public record Caller(String user) {
  public static final Caller LOCAL = new Caller("local");
  private static final String ATTRIBUTE = "windlass.caller";

  public static Caller of(Context context) {
    Caller caller = context.attribute(ATTRIBUTE);
    return caller == null ? LOCAL : caller;
  }
}
