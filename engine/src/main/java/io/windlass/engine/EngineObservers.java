package io.windlass.engine;

import io.windlass.execution.ExecutionObserver;
import io.windlass.journal.JournalObserver;

/**
 * Who is told what the engine does, for figures.
 *
 * @param journal told of every commit
 * @param executions told of every move of an execution
 */
public record EngineObservers(JournalObserver journal, ExecutionObserver executions) {
  public static final EngineObservers NONE =
      new EngineObservers(JournalObserver.NONE, ExecutionObserver.NONE);
}
