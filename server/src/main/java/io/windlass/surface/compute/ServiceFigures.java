package io.windlass.surface.compute;

import io.windlass.execution.ExecutionFigures;

/** The server's own figures, read when they are asked for. */
public interface ServiceFigures {
  /**
   * Connections to the database.
   *
   * @param size the most that may be open
   * @param inUse how many are at work
   */
  record Pool(int size, int inUse) {}

  Pool pool();

  /**
   * Looks whether work can be recorded.
   *
   * @throws io.windlass.kernel.WindlassException STORE_UNAVAILABLE
   */
  void checkWritable();

  /** The database's name, as {@code sqlite}. */
  String database();

  ExecutionFigures executions();
}
