package io.windlass.execution;

/** Where a step stands. */
public enum StepStatus {
  PENDING,
  RUNNING,
  WAITING,
  DONE,
  SKIPPED,
  FAILED,

  /** Had begun, and was cut short by the end of its execution. */
  CANCELLED
}
