package io.windlass.surface.compute;

import io.windlass.engine.Engine;
import io.windlass.execution.ExecutionFigures;

/** The figures of an engine under test. */
record TestFigures(Engine engine) implements ServiceFigures {
  @Override
  public Pool pool() {
    var figures = engine.database().poolFigures();
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
