package io.windlass.approval;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.Page;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import io.windlass.store.RowWrite;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The approval table: rows are written with the journal, decided here once, by compare and set. */
public final class ApprovalStore implements Approvals {
  private static final String BY_EXPIRY = "expiry";
  private static final String COLUMNS =
      """
      SELECT id, execution, public_id, definition_kind, definition_name, owner, step, key, kind,
        prompt, options, requested_at, execution_started_at, expires_at, on_expiry, choice,
        decided_by, decided_from, reason, decided_at
      FROM approval\s\
      """;
  private static final String WITHIN =
      """
      execution IN (
        WITH RECURSIVE family (id) AS (
          SELECT id FROM execution WHERE id = :within
          UNION ALL
          SELECT child.id FROM execution child JOIN family ON child.parent = family.id)
        SELECT id FROM family)\
      """;
  private static final String INSERT =
      """
      INSERT INTO approval (id, execution, public_id, definition_kind, definition_name, owner, step,
        key, kind, prompt, options, requested_at, execution_started_at, expires_at, on_expiry)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)\
      """;
  private static final String CLOSE =
      """
      UPDATE approval SET decided_by = ?, decided_from = 'engine', reason = ?, decided_at = ?
      WHERE execution = ? AND decided_at IS NULL AND kind <> 'request'\
      """;

  private final Database database;
  private final InstantSource clock;
  private final Consumer<ExecutionId> wake;

  /**
   * @param wake told, after the commit, which execution has an answer
   */
  public ApprovalStore(Database database, InstantSource clock, Consumer<ExecutionId> wake) {
    this.database = database;
    this.clock = clock;
    this.wake = wake;
  }

  /** The row of a new question, to be written with its event. */
  public static RowWrite insert(Approval a) {
    return RowWrite.of(
        INSERT,
        a.id(),
        a.execution().value(),
        a.publicId(),
        a.definitionKind(),
        a.definitionName(),
        a.owner(),
        a.step(),
        a.key(),
        a.kind(),
        a.prompt(),
        Json.write(a.options()),
        a.requestedAt().toEpochMilli(),
        a.executionStartedAt().toEpochMilli(),
        a.expiresAt() == null ? null : a.expiresAt().toEpochMilli(),
        a.onExpiry());
  }

  /** Closes what an ended execution still asks. */
  public static RowWrite close(ExecutionId execution, String by, String reason, Instant at) {
    return RowWrite.of(CLOSE, by, reason, at.toEpochMilli(), execution.value());
  }

  @Override
  public Page<Approval> list(
      @Nullable Boolean open,
      @Nullable String kind,
      @Nullable ExecutionId within,
      @Nullable String cursor,
      int limit) {
    List<String> where = new ArrayList<>();
    if (open != null) {
      where.add(open ? "decided_at IS NULL" : "decided_at IS NOT NULL");
    }
    if (kind != null) {
      where.add("definition_kind = :kind");
    }
    if (within != null) {
      where.add(WITHIN);
    }
    if (cursor != null) {
      where.add("id > :after");
    }
    String condition = where.isEmpty() ? "" : "WHERE " + String.join(" AND ", where);
    List<Approval> found =
        database.read(handle -> {
          var query = handle.createQuery(COLUMNS + condition + " ORDER BY id LIMIT :limit");
          if (kind != null) {
            query.bind("kind", kind);
          }
          if (within != null) {
            query.bind("within", within.value());
          }
          if (cursor != null) {
            query.bind("after", parseCursor(cursor));
          }
          return query.bind("limit", limit + 1).map((row, _) -> read(row)).list();
        });
    boolean more = found.size() > limit;
    List<Approval> items = more ? found.subList(0, limit) : found;
    return new Page<>(items, more ? items.getLast().id().toString() : null);
  }

  @Override
  public long countOpen() {
    return database.read(handle ->
        handle
            .createQuery("SELECT count(*) FROM approval WHERE decided_at IS NULL")
            .mapTo(Long.class)
            .one());
  }

  private static UUID parseCursor(String cursor) {
    try {
      return UUID.fromString(cursor);
    } catch (IllegalArgumentException e) {
      throw WindlassException.invalid(
          "Unknown cursor \"" + cursor + "\": use next_cursor as given.");
    }
  }

  @Override
  public Optional<Approval> find(UUID id) {
    return database.read(handle ->
        handle
            .createQuery(COLUMNS + "WHERE id = :id")
            .bind("id", id)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public Optional<Approval> findOpen(ExecutionId execution, String step) {
    return database.read(handle ->
        handle
            .createQuery(
                COLUMNS
                    + """
                    WHERE execution = :execution AND step = :step AND decided_at IS NULL
                    ORDER BY CASE kind WHEN 'request' THEN 1 ELSE 0 END, id LIMIT 1\
                    """)
            .bind("execution", execution.value())
            .bind("step", step)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public Approval request(Approval question) {
    return database.write(handle ->
        handle
            .createQuery(COLUMNS + "WHERE execution = :execution AND step = :step AND key = :key")
            .bind("execution", question.execution().value())
            .bind("step", question.step())
            .bind("key", question.key())
            .map((row, _) -> read(row))
            .findFirst()
            .orElseGet(() -> {
              RowWrite row = insert(question);
              var update = handle.createUpdate(row.sql());
              for (int i = 0; i < row.parameters().size(); i++) {
                update.bind(i, row.parameters().get(i));
              }
              update.execute();
              return question;
            }));
  }

  @Override
  public Approval decide(UUID id, String choice, String by, String from, @Nullable String reason) {
    Approval approval =
        find(id)
            .orElseThrow(() ->
                new WindlassException(
                    ErrorCode.APPROVAL_NOT_FOUND, "There is no approval " + id + "."));
    if (!approval.options().contains(choice)) {
      throw WindlassException.invalid(
          "\"%s\" is no answer to approval %s: use one of %s."
              .formatted(choice, id, String.join(", ", approval.options())));
    }
    if (!decideNow(approval, choice, by, from, reason)) {
      throw alreadyDecided(find(id).orElse(approval));
    }
    return find(id).orElseThrow();
  }

  @Override
  public boolean withdraw(UUID id, String by, String reason) {
    return find(id).filter(one -> decideNow(one, null, by, "engine", reason)).isPresent();
  }

  private static WindlassException alreadyDecided(Approval approval) {
    Decision decision = approval.decision();
    String how =
        decision == null
            ? "has been decided"
            : "was decided (%s) by %s at %s"
                .formatted(
                    decision.choice() == null ? "closed" : decision.choice(),
                    decision.by(),
                    decision.at());
    return new WindlassException(
        ErrorCode.ALREADY_DECIDED, "Approval %s %s already.".formatted(approval.id(), how));
  }

  /** Lets time decide what is overdue. */
  public void expire(Instant now, int limit) {
    List<Approval> overdue =
        database.read(handle ->
            handle
                .createQuery(
                    COLUMNS
                        + """
                        WHERE decided_at IS NULL AND expires_at <= :now
                        ORDER BY expires_at LIMIT :limit\
                        """)
                .bind("now", now.toEpochMilli())
                .bind("limit", limit)
                .map((row, _) -> read(row))
                .list());
    for (Approval approval : overdue) {
      decideNow(approval, approval.onExpiry(), BY_EXPIRY, "engine", "nobody answered in time");
    }
  }

  /** Whether a decision was time's. */
  public static boolean isExpiry(Decision decision) {
    return decision.by().equals(BY_EXPIRY);
  }

  private boolean decideNow(
      Approval approval, @Nullable String choice, String by, String from, @Nullable String reason) {
    long now = clock.millis();
    boolean decided =
        database.write(handle -> {
          int changed =
              handle
                  .createUpdate(
                      """
                      UPDATE approval SET choice = :choice, decided_by = :by,
                        decided_from = :from, reason = :reason, decided_at = :now
                      WHERE id = :id AND decided_at IS NULL\
                      """)
                  .bind("choice", choice)
                  .bind("by", by)
                  .bind("from", from)
                  .bind("reason", reason)
                  .bind("now", now)
                  .bind("id", approval.id())
                  .execute();
          if (changed == 1) {
            handle
                .createUpdate(
                    """
                    UPDATE execution SET wake_at = :now WHERE id = :execution
                      AND status IN ('QUEUED', 'RUNNING', 'WAITING')\
                    """)
                .bind("now", now)
                .bind("execution", approval.execution().value())
                .execute();
          }
          return changed == 1;
        });
    if (decided) {
      wake.accept(approval.execution());
    }
    return decided;
  }

  private Approval read(ResultSet row) throws SQLException {
    return new Approval(
        database.dialect().readId(row, 1),
        new ExecutionId(database.dialect().readId(row, 2)),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        List.of(Json.read(row.getString(11), String[].class)),
        Instant.ofEpochMilli(row.getLong(12)),
        Instant.ofEpochMilli(row.getLong(13)),
        instant(row, 14),
        row.getString(15),
        decision(row));
  }

  private static @Nullable Decision decision(ResultSet row) throws SQLException {
    Instant at = instant(row, 20);
    return at == null
        ? null
        : new Decision(
            row.getString(16), row.getString(17), row.getString(18), row.getString(19), at);
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
