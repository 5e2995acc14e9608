package io.windlass.cli;

import org.jspecify.annotations.Nullable;

/** An ending that the user is told of in one line, with the exit code that goes with it. */
final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;
  private final int status;

  private CliException(int exitCode, int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.status = status;
  }

  static CliException failed(String message) {
    return new CliException(ExitCode.FAILED, 0, message, null);
  }

  static CliException usage(String message) {
    return new CliException(ExitCode.USAGE, 0, message, null);
  }

  static CliException unreachable(String message, @Nullable Throwable cause) {
    return new CliException(ExitCode.UNREACHABLE, 0, message, cause);
  }

  /** The server understood and said no. */
  static CliException refused(int status, String message) {
    return new CliException(ExitCode.FAILED, status, message, null);
  }

  int exitCode() {
    return exitCode;
  }

  /** The HTTP status of a refusal; 0 for everything else. */
  int status() {
    return status;
  }

  /** Whether it makes sense to try again: nobody answered. */
  boolean isUnreachable() {
    return exitCode == ExitCode.UNREACHABLE;
  }
}
