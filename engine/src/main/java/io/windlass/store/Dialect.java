package io.windlass.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Every difference between the two databases. All other SQL is the same text for both. */
public interface Dialect {
  /** {@code sqlite} or {@code postgresql}; also the folder of its migrations. */
  String name();

  /** Whether several servers can share the database. */
  boolean shared();

  /** How many transactions of one server may usefully be under way at the same time: 1 to 16. */
  int writers();

  void bindId(PreparedStatement statement, int index, UUID id) throws SQLException;

  UUID readId(ResultSet row, int index) throws SQLException;

  /**
   * Inserts journal rows whose epoch is their execution's and whose number is free.
   *
   * @return indexes of the rows that were refused
   */
  List<Integer> insertJournal(Connection connection, List<JournalRow> rows) throws SQLException;

  /** Tells the other servers, when the transaction commits, whose journals have grown. */
  void announce(Connection connection, String node, Collection<UUID> executions)
      throws SQLException;

  /**
   * Waits for other servers' announcements on a connection kept for that.
   *
   * @param heard takes a server's name and the executions it told of, none for "any of them"
   */
  void listen(Connection connection, Duration atMost, BiConsumer<String, List<UUID>> heard)
      throws SQLException;
}
