package io.windlass.surface.unified;

import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.http.Caller;
import io.windlass.kernel.Json;
import io.windlass.kernel.Page;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Counts how runs went, and what is going on now, of what a caller may see. */
final class Figures {
  /** As many of the newest runs as are looked at. */
  static final int MOST = 1_000;

  private static final int PAGE = 200;
  private static final int SHOWN = 10;
  private static final List<ExecutionStatus> OPEN =
      List.of(ExecutionStatus.QUEUED, ExecutionStatus.RUNNING, ExecutionStatus.WAITING);
  private final EnginePorts engine;
  private final Map<String, KindRules> kinds;

  Figures(EnginePorts engine, Map<String, KindRules> kinds) {
    this.engine = engine;
    this.kinds = kinds;
  }

  /**
   * How the newest runs went: how many there are of each status, how long those took that
   * succeeded, in milliseconds, what they used, and when the last one began.
   *
   * @param wanted kinds of definition; empty for all
   * @param name of the definition; null for all
   */
  ObjectNode stats(Caller caller, Set<String> wanted, @Nullable String name) {
    List<Execution> runs = newest(caller, wanted, name, Set.of());
    ObjectNode told = Json.object().put("runs", runs.size());
    List.of(ExecutionStatus.values()).forEach(status -> count(told, runs, status));
    times(told, runs);
    used(told, runs);
    if (!runs.isEmpty()) {
      told.put("last_run_at", runs.getFirst().createdAt().toString());
    }
    return told;
  }

  /** How many runs are queued, running and waiting, and how many of a kind may run at once. */
  ObjectNode queue(Caller caller) {
    List<Execution> runs = newest(caller, Set.of(), null, Set.copyOf(OPEN));
    ObjectNode told = Json.object();
    OPEN.forEach(status -> count(told, runs, status));
    told.put("pending_approvals", engine.approvals().countOpen());
    ObjectNode limits = told.putObject("may_run_at_once");
    kinds.forEach((kind, rules) -> {
      AdmissionLimit limit = rules.limit(caller.user());
      if (limit != null) {
        limits.put(kind, limit.max());
      }
    });
    told.set(
        "newest", Json.tree(runs.stream().limit(SHOWN).map(ExecutionJson.Summary::of).toList()));
    return told;
  }

  private static void count(ObjectNode told, List<Execution> runs, ExecutionStatus status) {
    told.put(Words.of(status), runs.stream().filter(run -> run.status() == status).count());
  }

  private static void times(ObjectNode told, List<Execution> runs) {
    List<Long> times = new ArrayList<>();
    for (Execution run : runs) {
      if (run.status() == ExecutionStatus.SUCCEEDED && run.durationMs() != null) {
        times.add(run.durationMs());
      }
    }
    long ended = runs.stream().filter(run -> run.finishedAt() != null).count();
    if (ended > 0) {
      told.put("success_rate", Math.round(1000.0 * times.size() / ended) / 1000.0);
    }
    times.sort(null);
    if (!times.isEmpty()) {
      ObjectNode duration = told.putObject("duration_ms");
      duration.put("median", times.get(times.size() / 2));
      duration.put("p95", times.get((int) Math.min(times.size() - 1, times.size() * 95L / 100)));
      duration.put("longest", times.getLast());
    }
  }

  private static void used(ObjectNode told, List<Execution> runs) {
    long in = 0;
    long out = 0;
    BigDecimal cost = BigDecimal.ZERO;
    int unpriced = 0;
    for (Execution run : runs) {
      in += run.usage().inputTokens();
      out += run.usage().outputTokens();
      BigDecimal its = run.usage().costUsd();
      unpriced += its == null ? 1 : 0;
      cost = its == null ? cost : cost.add(its);
    }
    told.put("input_tokens", in).put("output_tokens", out);
    boolean isKnown = unpriced == 0 || cost.signum() > 0;
    told.put("known_cost_usd", isKnown ? cost : null);
    if (unpriced > 0) {
      told.put("runs_of_unknown_cost", unpriced);
    }
  }

  private List<Execution> newest(
      Caller caller, Set<String> wanted, @Nullable String name, Set<ExecutionStatus> statuses) {
    String owner = caller.equals(Caller.LOCAL) ? null : caller.user();
    var filter = new ExecutionFilter(wanted, name, statuses, owner, null, null);
    List<Execution> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<Execution> page = engine.executions().list(filter, cursor, PAGE);
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null && all.size() < MOST);
    return all;
  }
}
