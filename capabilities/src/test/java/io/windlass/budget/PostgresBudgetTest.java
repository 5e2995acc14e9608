package io.windlass.budget;

import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.store.TestDatabases;

final class PostgresBudgetTest extends BudgetContract {
  @Override
  Database open() {
    return Databases.postgres(TestDatabases.newPostgresUrl());
  }
}
