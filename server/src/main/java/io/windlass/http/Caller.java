package io.windlass.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param user the user; {@link #LOCAL} for the single one of a server without accounts
 */
public record Caller(String user) {
  public static final Caller LOCAL = new Caller("local");
  private static final String ATTRIBUTE = "windlass.caller";

  public static Caller of(Context context) {
    return of(context.req());
  }

  public static Caller of(HttpServletRequest request) {
    return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? caller : LOCAL;
  }

  /** Makes a request this caller's. */
  public void makes(HttpServletRequest request) {
    request.setAttribute(ATTRIBUTE, this);
  }

  /** Whether what belongs to that user may be seen; the single user of a server sees all. */
  public boolean sees(String owner) {
    return equals(LOCAL) || user.equals(owner);
  }

  /** Whose things may be seen; null for everybody's. */
  public @Nullable String only() {
    return equals(LOCAL) ? null : user;
  }
}
