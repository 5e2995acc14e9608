package io.windlass.memory;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteMemoryTest extends MemoryContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Databases.sqlite(folder.resolve("memory.db"));
  }
}
