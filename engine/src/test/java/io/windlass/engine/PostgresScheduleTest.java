package io.windlass.engine;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.store.TestDatabases;
import java.nio.file.Path;

final class PostgresScheduleTest extends ScheduleContract {
  @Override
  Database open(Path folder) {
    return Databases.postgres(TestDatabases.newPostgresUrl());
  }
}
