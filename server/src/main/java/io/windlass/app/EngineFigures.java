package io.windlass.app;

import io.windlass.engine.Engine;
import io.windlass.execution.ExecutionFigures;
import io.windlass.store.Database;
import io.windlass.surface.compute.ServiceFigures;

/** The figures of a running engine and its database. */
record EngineFigures(Engine engine) implements ServiceFigures {
  @Override
  public Pool pool() {
    Database.PoolFigures figures = engine.database().poolFigures();
    return new Pool(figures.max(), figures.active());
  }

  @Override
  public void checkWritable() {
    engine.checkWritable();
  }

  @Override
  public String database() {
    return engine.database().dialect().name();
  }

  @Override
  public ExecutionFigures executions() {
    return engine.figures();
  }
}
