package io.windlass.execution;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Finds and lists executions. */
final class ExecutionStore {
  private static final Pattern ENGINE_ID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private final ExecutionRows rows;

  ExecutionStore(Database database) {
    this.rows = new ExecutionRows(database);
  }

  Optional<StoredExecution> find(ExecutionId id) {
    return rows.one("WHERE id = :id", query -> query.bind("id", id.value()));
  }

  Optional<StoredExecution> findAny(String anyId) {
    if (ENGINE_ID.matcher(anyId).matches()) {
      return find(ExecutionId.parse(anyId));
    }
    return rows.one("WHERE public_id = :id", query -> query.bind("id", anyId));
  }

  StoredExecution get(ExecutionId id) {
    return find(id)
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.EXECUTION_NOT_FOUND, "There is no execution " + id + "."));
  }

  Optional<StoredExecution> findChild(ExecutionId parent, String key) {
    return rows.one(
        "WHERE parent = :parent AND parent_key = :key",
        query -> query.bind("parent", parent.value()).bind("key", key));
  }

  /** Newest first; before the cursor id when there is one. */
  List<StoredExecution> list(
      ExecutionFilter filter, @Nullable UUID before, int limit, long offset) {
    List<String> where = new ArrayList<>();
    if (!filter.kinds().isEmpty()) {
      where.add("kind IN (<kinds>)");
    }
    if (!filter.statuses().isEmpty()) {
      where.add("status IN (<statuses>)");
    }
    if (filter.name() != null) {
      where.add("name = :name");
    }
    if (filter.owner() != null) {
      where.add("owner = :owner");
    }
    if (filter.createdAfter() != null) {
      where.add("created_at >= :createdAfter");
    }
    if (filter.createdBefore() != null) {
      where.add("created_at < :createdBefore");
    }
    if (before != null) {
      where.add("id < :before");
    }
    String condition = where.isEmpty() ? "" : "WHERE " + String.join(" AND ", where);
    return rows.many(
        condition + " ORDER BY id DESC LIMIT :limit OFFSET :offset",
        query -> {
          bindFilter(query, filter);
          if (before != null) {
            query.bind("before", before);
          }
          query.bind("limit", limit).bind("offset", offset);
        });
  }

  private static void bindFilter(Query query, ExecutionFilter filter) {
    if (!filter.kinds().isEmpty()) {
      query.bindList("kinds", List.copyOf(filter.kinds()));
    }
    if (!filter.statuses().isEmpty()) {
      query.bindList("statuses", filter.statuses().stream().map(Enum::name).toList());
    }
    if (filter.name() != null) {
      query.bind("name", filter.name());
    }
    if (filter.owner() != null) {
      query.bind("owner", filter.owner());
    }
    if (filter.createdAfter() != null) {
      query.bind("createdAfter", filter.createdAfter().toEpochMilli());
    }
    if (filter.createdBefore() != null) {
      query.bind("createdBefore", filter.createdBefore().toEpochMilli());
    }
  }
}
