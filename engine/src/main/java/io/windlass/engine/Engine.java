package io.windlass.engine;

import io.windlass.approval.Approvals;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Definitions;
import io.windlass.execution.Executions;
import io.windlass.schedule.Schedules;
import java.util.List;

/** The running engine: opened once per process, closed once, and what surfaces talk to. */
public final class Engine implements AutoCloseable {

  /**
   * Opens the store, migrates it and takes back what this node was running when it stopped.
   *
   * @throws io.windlass.kernel.WindlassException STORE_UNAVAILABLE when the home is in use by
   *     another server, or the database cannot be opened
   */
  public static Engine open(EngineConfig config, List<DefinitionKind> kinds) {
    throw new UnsupportedOperationException();
  }

  /** Begins to run, wake and schedule; until then the engine only answers. */
  public void start() {
    throw new UnsupportedOperationException();
  }

  public Executions executions() {
    throw new UnsupportedOperationException();
  }

  public Approvals approvals() {
    throw new UnsupportedOperationException();
  }

  public Definitions definitions() {
    throw new UnsupportedOperationException();
  }

  public Schedules schedules() {
    throw new UnsupportedOperationException();
  }

  /** Drains: running steps get the configured time, the rest goes on at the next start. */
  @Override
  public void close() {}
}
