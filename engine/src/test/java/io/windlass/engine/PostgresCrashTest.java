package io.windlass.engine;

import io.windlass.store.TestDatabases;
import org.jspecify.annotations.Nullable;

final class PostgresCrashTest extends CrashContract {
  @Override
  @Nullable String newDatabaseUrl() {
    return TestDatabases.newPostgresUrl();
  }
}
