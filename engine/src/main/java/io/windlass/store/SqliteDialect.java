package io.windlass.store;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;

/** SQLite in WAL mode: one file, one server, one writer at a time. */
final class SqliteDialect implements Dialect {
  private static final String INSERT_JOURNAL =
      """
      INSERT OR IGNORE INTO journal (execution, first, count, at, events)
      SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM execution WHERE id = ? AND epoch = ?)\
      """;

  @Override
  public String name() {
    return "sqlite";
  }

  @Override
  public boolean shared() {
    return false;
  }

  @Override
  public int writers() {
    return 1;
  }

  @Override
  public void bindId(PreparedStatement statement, int index, UUID id) throws SQLException {
    statement.setBytes(index, bytes(id));
  }

  @Override
  public UUID readId(ResultSet row, int index) throws SQLException {
    ByteBuffer buffer = ByteBuffer.wrap(row.getBytes(index));
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  @Override
  public List<Integer> insertJournal(Connection connection, List<JournalRow> rows)
      throws SQLException {
    List<Integer> refused = new ArrayList<>();
    try (PreparedStatement insert = connection.prepareStatement(INSERT_JOURNAL)) {
      for (JournalRow row : rows) {
        byte[] id = bytes(row.execution());
        insert.setBytes(1, id);
        insert.setLong(2, row.first());
        insert.setInt(3, row.count());
        insert.setLong(4, row.at());
        insert.setString(5, row.events());
        insert.setBytes(6, id);
        insert.setLong(7, row.epoch());
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          refused.add(i);
        }
      }
    }
    return refused;
  }

  @Override
  public void announce(Connection connection, String node, Collection<UUID> executions) {
    // One server only: there is nobody to tell.
  }

  @Override
  public void listen(Connection connection, Duration atMost, BiConsumer<String, List<UUID>> heard) {
    throw new IllegalStateException("SQLite has one server only: nobody else announces anything");
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
