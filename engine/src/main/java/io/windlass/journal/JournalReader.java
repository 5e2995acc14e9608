package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import io.windlass.store.Database;
import java.util.ArrayList;
import java.util.List;

/** Reads the journal table. */
public final class JournalReader {
  private static final int ROWS_AT_ONCE = 500;
  private final Database database;

  public JournalReader(Database database) {
    this.database = database;
  }

  /** Entries with greater numbers, in order; at most about {@code limit}, fewer only at the end. */
  public List<Entry> after(ExecutionId execution, long number, int limit) {
    List<Entry> entries =
        database.read(handle ->
            handle
                .createQuery(
                    """
                    SELECT first, at, events FROM journal
                    WHERE execution = :execution AND first >= coalesce(
                      (SELECT max(first) FROM journal
                       WHERE execution = :execution AND first <= :next), 0)
                    ORDER BY first LIMIT :rows\
                    """)
                .bind("execution", execution.value())
                .bind("next", number + 1)
                .bind("rows", Math.min(limit, ROWS_AT_ONCE))
                .reduceRows(
                    new ArrayList<Entry>(),
                    (found, row) -> {
                      found.addAll(
                          EventJson.readAll(
                              row.getColumn("first", Long.class),
                              row.getColumn("at", Long.class),
                              row.getColumn("events", String.class)));
                      return found;
                    }));
    List<Entry> wanted = new ArrayList<>(entries.size());
    for (Entry entry : entries) {
      if (entry.number() > number && wanted.size() < limit) {
        wanted.add(entry);
      }
    }
    return wanted;
  }

  /** The whole journal of an execution. */
  public List<Entry> all(ExecutionId execution) {
    List<Entry> all = new ArrayList<>();
    List<Entry> part;
    do {
      part = after(execution, all.isEmpty() ? 0 : all.getLast().number(), Integer.MAX_VALUE);
      all.addAll(part);
    } while (!part.isEmpty());
    return all;
  }
}
