package io.windlass.store;

import org.jspecify.annotations.Nullable;

/** The databases on which everything has to hold. */
public enum TestStore {
  SQLITE,
  POSTGRES;

  /**
   * The URL of a new database without any rows, as the settings take it; null for SQLite in the
   * home.
   */
  public @Nullable String newUrl() {
    return switch (this) {
      case SQLITE -> null;
      case POSTGRES -> TestDatabases.newPostgresUrl();
    };
  }
}
