package io.windlass.execution;

/** Is told what becomes of executions, for figures and for the test of the state table. */
public interface ExecutionObserver {
  ExecutionObserver NONE = (_, _, _) -> {};

  /**
   * An execution moved.
   *
   * @param from where it stood; the same as {@code to} for a new one
   */
  void moved(Execution execution, ExecutionStatus from, ExecutionStatus to);
}
