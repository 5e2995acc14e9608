package io.windlass.kernel;

/** What kind of trouble an {@link ErrorCode} is; the one place where an HTTP status is chosen. */
public enum ErrorCategory {
  INVALID(400),
  UNAUTHENTICATED(401),
  FORBIDDEN(403),
  NOT_FOUND(404),
  CONFLICT(409),
  TOO_LARGE(413),
  UNSUPPORTED_TYPE(415),
  TOO_MANY(429),
  INTERNAL(500),
  UPSTREAM(502),
  UNAVAILABLE(503);

  private final int httpStatus;

  ErrorCategory(int httpStatus) {
    this.httpStatus = httpStatus;
  }

  /**
   * The HTTP status that every surface uses for this category unless its contract names another.
   */
  public int httpStatus() {
    return httpStatus;
  }
}
