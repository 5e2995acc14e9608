package io.windlass.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The one exception of the project: bad input, broken surroundings or a bug, with a stable code.
 * Its message names the thing, the value and what to do next, and never holds a secret.
 */
public final class WindlassException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final ErrorCode code;

  public WindlassException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public WindlassException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }

  /** The message, which is never null here. */
  public String text() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }

  public static WindlassException invalid(String message) {
    return new WindlassException(ErrorCode.INVALID_INPUT, message);
  }

  public static WindlassException notFound(ErrorCode code, String message) {
    return new WindlassException(code, message);
  }

  public static WindlassException wrongState(String message) {
    return new WindlassException(ErrorCode.WRONG_STATE, message);
  }
}
