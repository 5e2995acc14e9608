package io.windlass.budget;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteBudgetTest extends BudgetContract {
  @TempDir Path folder;

  @Override
  Database open() {
    return Databases.sqlite(folder.resolve("windlass.db"));
  }
}
