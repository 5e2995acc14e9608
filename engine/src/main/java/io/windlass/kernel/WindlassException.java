package io.windlass.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one exception of the project: bad input, broken surroundings or a bug, with a stable code.
 * Its message names the thing, the value and what to do next, and never holds a secret.
 */
public final class WindlassException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final ErrorCode code;
  private final transient List<Fault> faults;

  public WindlassException(ErrorCode code, String message) {
    this(code, message, null);
  }

  public WindlassException(ErrorCode code, String message, @Nullable Throwable cause) {
    this(code, message, cause, List.of());
  }

  public WindlassException(
      ErrorCode code, String message, @Nullable Throwable cause, List<Fault> faults) {
    super(message, cause);
    this.code = code;
    this.faults = List.copyOf(faults);
  }

  public ErrorCode code() {
    return code;
  }

  /** Each thing at fault, for surfaces that list them; may be empty. The message tells them all. */
  public List<Fault> faults() {
    return faults;
  }

  /** The message, which is never null here. */
  public String text() {
    String message = getMessage();
    return message == null ? code.name() : message;
  }

  public static WindlassException invalid(String message) {
    return new WindlassException(ErrorCode.INVALID_INPUT, message);
  }

  /** Bad input of which several places are at fault. */
  public static WindlassException invalid(String message, List<Fault> faults) {
    return new WindlassException(ErrorCode.INVALID_INPUT, message, null, faults);
  }

  public static WindlassException notFound(ErrorCode code, String message) {
    return new WindlassException(code, message);
  }

  public static WindlassException wrongState(String message) {
    return new WindlassException(ErrorCode.WRONG_STATE, message);
  }
}
