package io.windlass.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Every difference between the two databases. All other SQL is the same text for both. */
public interface Dialect {
  /** {@code sqlite} or {@code postgresql}; also the folder of its migrations. */
  String name();

  /** Whether several servers can share the database. */
  boolean shared();

  void bindId(PreparedStatement statement, int index, UUID id) throws SQLException;

  UUID readId(ResultSet row, int index) throws SQLException;

  /**
   * Inserts journal rows whose epoch is their execution's and whose number is free.
   *
   * @return indexes of the rows that were refused
   */
  List<Integer> insertJournal(Connection connection, List<JournalRow> rows) throws SQLException;
}
