package io.windlass.execution;

/** Where a step stands. */
public enum StepStatus {
  PENDING,
  RUNNING,
  WAITING,
  DONE,
  SKIPPED,
  FAILED
}
