package io.windlass.engine;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where and how an engine works.
 *
 * @param home the folder with the embedded database, locked while the engine is open
 * @param databaseUrl a PostgreSQL JDBC or {@code postgresql://} URL; null for SQLite in the home
 * @param drain how long running steps get at the end
 * @param retention how long ended executions are kept; null for ever
 */
public record EngineConfig(
    Path home, @Nullable String databaseUrl, Duration drain, @Nullable Duration retention) {}
