package io.windlass.engine;

import io.windlass.store.TestDatabases;
import org.jspecify.annotations.Nullable;

final class PostgresEngineTest extends EngineContract {
  @Override
  @Nullable String databaseUrl() {
    return TestDatabases.newPostgresUrl();
  }
}
