package io.windlass.memory;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.store.TestDatabases;

final class PostgresMemoryTest extends MemoryContract {
  @Override
  Database open() {
    return Databases.postgres(TestDatabases.newPostgresUrl());
  }
}
