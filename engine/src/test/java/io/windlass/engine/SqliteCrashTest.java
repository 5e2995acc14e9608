package io.windlass.engine;

import org.jspecify.annotations.Nullable;

final class SqliteCrashTest extends CrashContract {
  @Override
  @Nullable String newDatabaseUrl() {
    return null;
  }
}
