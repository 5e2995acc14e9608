package io.windlass.engine;

import io.windlass.store.TestDatabases;
import org.jspecify.annotations.Nullable;

/** A database that the engine keeps its promises on. */
enum DatabaseUnderTest {
  SQLITE,
  POSTGRESQL;

  /** The URL of a new database; null for SQLite, which lives in the engine's home. */
  @Nullable String url() {
    return switch (this) {
      case SQLITE -> null;
      case POSTGRESQL -> TestDatabases.newPostgresUrl();
    };
  }
}
