package io.windlass.engine;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import java.nio.file.Path;

final class SqliteScheduleTest extends ScheduleContract {
  @Override
  Database open(Path folder) {
    return Databases.sqlite(folder.resolve("schedules.db"));
  }
}
