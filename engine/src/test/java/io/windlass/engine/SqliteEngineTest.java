package io.windlass.engine;

import org.jspecify.annotations.Nullable;

final class SqliteEngineTest extends EngineContract {
  @Override
  @Nullable String databaseUrl() {
    return null;
  }
}
