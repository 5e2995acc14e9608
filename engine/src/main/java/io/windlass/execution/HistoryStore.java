package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.step.Usage;
import io.windlass.store.Database;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads the execution table for figures. */
public final class HistoryStore implements History {
  /** The kinds that the index of the migration {@code history} is for. */
  private static final Set<String> INDEXED = Set.of("graph", "workflow");

  /** SQLite uses a partial index only where its condition stands in the query word by word. */
  private static final String INDEX = "kind IN ('graph', 'workflow')";

  private static final String COLUMNS =
      "id, public_id, kind, name, owner, status, created_at, finished_at, parent, parent_key,"
          + " model, input_tokens, output_tokens, cost_usd, steps";

  private static final int ROOTS_AT_ONCE = 500;
  private static final int DEEPEST = 10;

  /** The most descendants of {@link #ROOTS_AT_ONCE} executions that are told. */
  private static final int MOST_DESCENDANTS = 50_000;

  private final Database database;

  public HistoryStore(Database database) {
    this.database = database;
  }

  @Override
  public long count(ExecutionFilter filter) {
    return database.read(handle ->
        query(handle, "SELECT count(*) FROM execution", filter, "").mapTo(Long.class).one());
  }

  @Override
  public List<PastRun> runs(ExecutionFilter filter, int limit, long offset) {
    return database.read(handle ->
        query(
                handle,
                "SELECT " + COLUMNS + " FROM execution",
                filter,
                " ORDER BY created_at DESC, id DESC LIMIT :limit OFFSET :offset")
            .bind("limit", limit)
            .bind("offset", offset)
            .map((row, _) -> run(row, 1))
            .list());
  }

  @Override
  public Map<String, Tally> tallies(ExecutionFilter filter) {
    Map<String, Tally> tallies = new HashMap<>();
    database.read(handle -> {
      query(
              handle,
              """
              SELECT name, status, count(*),
                coalesce(avg(CASE WHEN status = 'SUCCEEDED'
                  THEN finished_at - created_at END), 0) FROM execution\
              """,
              filter,
              " GROUP BY name, status")
          .map((row, _) ->
              tallies.merge(
                  row.getString(1),
                  tally(
                      ExecutionStatus.valueOf(row.getString(2)), row.getLong(3), row.getDouble(4)),
                  Tally::plus))
          .list();
      return tallies;
    });
    return tallies;
  }

  private static Tally tally(ExecutionStatus status, long count, double averageMs) {
    return switch (status) {
      case SUCCEEDED -> new Tally(count, count, 0, 0, averageMs);
      case FAILED -> new Tally(count, 0, count, 0, 0);
      case CANCELLED -> new Tally(count, 0, 0, count, 0);
      case QUEUED, RUNNING, WAITING -> new Tally(count, 0, 0, 0, 0);
    };
  }

  @Override
  public Map<ExecutionId, List<PastRun>> descendants(Collection<ExecutionId> roots) {
    Map<ExecutionId, List<PastRun>> found = new HashMap<>();
    List<ExecutionId> all = List.copyOf(roots);
    for (int from = 0; from < all.size(); from += ROOTS_AT_ONCE) {
      descendants(all.subList(from, Math.min(all.size(), from + ROOTS_AT_ONCE)), found);
    }
    return found;
  }

  private void descendants(List<ExecutionId> roots, Map<ExecutionId, List<PastRun>> found) {
    String columns = "e." + COLUMNS.replace(", ", ", e.");
    database.read(handle ->
        handle
            .createQuery(
                """
                WITH RECURSIVE family (root, member, depth) AS (
                  SELECT parent, id, 1 FROM execution WHERE parent IN (<roots>)
                  UNION ALL
                  SELECT f.root, c.id, f.depth + 1 FROM execution c
                    JOIN family f ON c.parent = f.member WHERE f.depth < :deepest)
                SELECT f.root, <columns> FROM family f JOIN execution e ON e.id = f.member
                ORDER BY e.id LIMIT :most\
                """)
            .bindList("roots", roots.stream().map(ExecutionId::value).toList())
            .define("columns", columns)
            .bind("deepest", DEEPEST)
            .bind("most", MOST_DESCENDANTS)
            .map((row, _) ->
                found
                    .computeIfAbsent(
                        new ExecutionId(database.dialect().readId(row, 1)), _ -> new ArrayList<>())
                    .add(run(row, 2)))
            .list());
  }

  private static Query query(Handle handle, String select, ExecutionFilter filter, String tail) {
    List<String> where = new ArrayList<>();
    where.add("parent IS NULL");
    if (!filter.kinds().isEmpty()) {
      where.add("kind IN (<kinds>)");
      if (INDEXED.containsAll(filter.kinds())) {
        where.add(INDEX);
      }
    }
    if (!filter.statuses().isEmpty()) {
      where.add("status IN (<statuses>)");
    }
    add(where, filter.name(), "name = :name");
    add(where, filter.owner(), "owner = :owner");
    add(where, filter.createdAfter(), "created_at >= :after");
    add(where, filter.createdBefore(), "created_at < :before");
    Query query = handle.createQuery(select + " WHERE " + String.join(" AND ", where) + tail);
    if (!filter.kinds().isEmpty()) {
      query.bindList("kinds", List.copyOf(filter.kinds()));
    }
    if (!filter.statuses().isEmpty()) {
      query.bindList("statuses", filter.statuses().stream().map(Enum::name).toList());
    }
    bind(query, "name", filter.name());
    bind(query, "owner", filter.owner());
    Instant after = filter.createdAfter();
    bind(query, "after", after == null ? null : after.toEpochMilli());
    Instant before = filter.createdBefore();
    bind(query, "before", before == null ? null : before.toEpochMilli());
    return query;
  }

  private static void add(List<String> where, @Nullable Object value, String condition) {
    if (value != null) {
      where.add(condition);
    }
  }

  private static void bind(Query query, String name, @Nullable Object value) {
    if (value != null) {
      query.bind(name, value);
    }
  }

  private PastRun run(ResultSet row, int first) throws SQLException {
    var dialect = database.dialect();
    String cost = row.getString(first + 13);
    String steps = row.getString(first + 14);
    long finished = row.getLong(first + 7);
    Instant finishedAt = row.wasNull() ? null : Instant.ofEpochMilli(finished);
    return new PastRun(
        new ExecutionId(dialect.readId(row, first)),
        row.getString(first + 1),
        row.getString(first + 2),
        row.getString(first + 3),
        row.getString(first + 4),
        ExecutionStatus.valueOf(row.getString(first + 5)),
        Instant.ofEpochMilli(row.getLong(first + 6)),
        finishedAt,
        row.getObject(first + 8) == null ? null : new ExecutionId(dialect.readId(row, first + 8)),
        row.getString(first + 9),
        new Usage(
            row.getString(first + 10),
            row.getLong(first + 11),
            row.getLong(first + 12),
            cost == null ? null : new BigDecimal(cost)),
        steps == null ? List.of() : StepSummary.read(Objects.requireNonNull(steps)));
  }
}
