package io.windlass.cli;

/** What the process tells the shell; scripts rely on these numbers. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int UNREACHABLE = 3;
  static final int INTERRUPTED = 130;

  private ExitCode() {}
}
