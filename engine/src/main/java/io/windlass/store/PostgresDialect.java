package io.windlass.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** PostgreSQL: shared by any number of servers. */
final class PostgresDialect implements Dialect {
  private static final String CHANNEL = "windlass_journal";

  /** A notification carries at most 8,000 bytes. */
  private static final int ANNOUNCED_AT_MOST = 200;

  /**
   * The epoch is looked up row by row: as a join the planner, who cannot know how few rows come,
   * reads the whole table of executions for each commit.
   */
  private static final String INSERT_JOURNAL =
      """
      INSERT INTO journal (execution, first, count, at, events)
      SELECT r.execution, r.first, r.count, r.at, r.events
      FROM unnest(?, ?, ?, ?, ?, ?) AS r(execution, epoch, first, count, at, events)
      WHERE r.epoch = (SELECT e.epoch FROM execution e WHERE e.id = r.execution)
      ON CONFLICT DO NOTHING
      RETURNING execution, first\
      """;

  /** Nothing is lost with an announcement, so its commit need not wait for the disk. */
  private static final String ANNOUNCE =
      "SELECT set_config('synchronous_commit', 'off', true), pg_notify(?, ?)";

  @Override
  public String name() {
    return "postgresql";
  }

  @Override
  public boolean shared() {
    return true;
  }

  /** While the database stores what one writer brought, the other collects. */
  @Override
  public int writers() {
    return 2;
  }

  @Override
  public void bindId(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setObject(index, id);
  }

  @Override
  public UUID readId(ResultSet row, int index) throws SQLException {
    return row.getObject(index, UUID.class);
  }

  @Override
  public List<Integer> insertJournal(Connection connection, List<JournalRow> rows)
      throws SQLException {
    Set<Key> inserted = HashSet.newHashSet(rows.size());
    try (PreparedStatement insert = connection.prepareStatement(INSERT_JOURNAL)) {
      insert.setArray(1, array(connection, "uuid", rows.stream().map(JournalRow::execution)));
      insert.setArray(2, array(connection, "int8", rows.stream().map(JournalRow::epoch)));
      insert.setArray(3, array(connection, "int8", rows.stream().map(JournalRow::first)));
      insert.setArray(4, array(connection, "int4", rows.stream().map(JournalRow::count)));
      insert.setArray(5, array(connection, "int8", rows.stream().map(JournalRow::at)));
      insert.setArray(6, array(connection, "text", rows.stream().map(JournalRow::events)));
      try (ResultSet result = insert.executeQuery()) {
        while (result.next()) {
          inserted.add(new Key(result.getObject(1, UUID.class), result.getLong(2)));
        }
      }
    }
    List<Integer> refused = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!inserted.contains(new Key(rows.get(i).execution(), rows.get(i).first()))) {
        refused.add(i);
      }
    }
    return refused;
  }

  @Override
  public void announce(Connection connection, String node, Collection<UUID> executions)
      throws SQLException {
    String ids =
        executions.size() > ANNOUNCED_AT_MOST
            ? ""
            : executions.stream().map(UUID::toString).collect(Collectors.joining(","));
    try (PreparedStatement notify = connection.prepareStatement(ANNOUNCE)) {
      notify.setString(1, CHANNEL);
      notify.setString(2, node + "|" + ids);
      notify.execute();
    }
  }

  @Override
  public void listen(Connection connection, Duration atMost, BiConsumer<String, List<UUID>> heard)
      throws SQLException {
    try (Statement listen = connection.createStatement()) {
      listen.execute("LISTEN " + CHANNEL);
    }
    PGNotification[] notifications =
        connection.unwrap(PGConnection.class).getNotifications((int) atMost.toMillis());
    for (PGNotification notification : notifications) {
      String[] parts = notification.getParameter().split("\\|", 2);
      List<UUID> executions =
          parts[1].isEmpty()
              ? List.of()
              : Stream.of(parts[1].split(",")).map(UUID::fromString).toList();
      heard.accept(parts[0], executions);
    }
  }

  private static Array array(Connection connection, String type, Stream<?> values)
      throws SQLException {
    return connection.createArrayOf(type, values.toArray());
  }

  private record Key(UUID execution, long first) {}
}
