package io.windlass.engine;

import io.windlass.definition.DefinitionKind;
import io.windlass.execution.Execution;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.store.FusedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A real engine over definitions of a test, which can lose its power at a chosen commit. */
public final class CrashableEngine implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private final FusedDatabase fuse;
  private final Engine engine;
  private boolean crashed;

  /**
   * @param url of the database; null for SQLite in the home
   * @param commit at which the power goes, counted from {@link #arm}; 0 for never
   * @param lost whether that commit is lost
   */
  public CrashableEngine(
      Path home, @Nullable String url, DefinitionKind kind, int commit, boolean lost) {
    fuse = commit == 0 ? FusedDatabase.whole() : new FusedDatabase(commit, lost);
    engine =
        Engine.open(
            new EngineConfig(home, url, Duration.ofMillis(100), null),
            List.of(kind),
            EngineObservers.NONE,
            new Engine.Surroundings(InstantSource.system(), Duration.ofSeconds(5), fuse::open));
  }

  public Engine engine() {
    return engine;
  }

  public void begin() {
    engine.start();
  }

  public void arm() {
    fuse.arm();
  }

  public boolean isOut() {
    return fuse.isBlown();
  }

  public ExecutionId start(String chain, ObjectNode input) {
    return engine
        .executions()
        .start(new StartRequest("chain", chain, input, "test", "me", "", null, null))
        .id();
  }

  public Execution awaitEnd(ExecutionId id) throws InterruptedException {
    return engine.executions().awaitEnd(id, PATIENCE).orElseThrow();
  }

  public List<Event> events(ExecutionId id) {
    return engine.executions().entries(id, 0, 100_000).stream().map(Entry::event).toList();
  }

  /** The power goes, if it has not gone yet. */
  public void crash() {
    crashed = true;
    engine.crash();
    fuse.release();
  }

  @Override
  public void close() {
    if (!crashed) {
      engine.close();
    }
  }
}
