package io.windlass.engine;

import io.windlass.definition.DefinitionKind;
import io.windlass.store.FusedDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An engine over a database whose power can go, which can end as a killed process does. */
public final class CrashingEngine {
  private CrashingEngine() {}

  /**
   * Opens an engine that is not started.
   *
   * @param url null for SQLite in the home
   */
  public static Engine open(
      Path home, @Nullable String url, FusedDatabase fuse, DefinitionKind kind) {
    return Engine.open(
        new EngineConfig(home, url, Duration.ofMillis(100), null),
        List.of(kind),
        EngineObservers.NONE,
        new Engine.Surroundings(InstantSource.system(), Duration.ofSeconds(5), fuse::open));
  }

  /** Ends it without a farewell. */
  public static void crash(Engine engine) {
    engine.crash();
  }
}
