package io.windlass.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/** Brings a database's schema to the newest numbered file of its dialect's folder. */
final class Migrations {
  /** The number of the newest file; a test holds it against the folder. */
  static final int NEWEST = 6;

  private Migrations() {}

  static void bringUpToDate(Database database) {
    // Reading one row is some hundred times cheaper than waking the migration library.
    if (current(database) == NEWEST) {
      return;
    }
    Flyway.configure(Migrations.class.getClassLoader())
        .dataSource(database.dataSource())
        .locations("classpath:io/windlass/store/" + database.dialect().name())
        .load()
        .migrate();
  }

  private static int current(Database database) {
    try (Connection connection = database.dataSource().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT max(CAST(version AS INTEGER)) FROM flyway_schema_history WHERE success")) {
      return row.next() ? row.getInt(1) : 0;
    } catch (SQLException e) {
      return 0;
    }
  }
}
