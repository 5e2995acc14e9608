package io.windlass.surface.unified;

import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.http.Caller;
import io.windlass.kernel.Json;
import io.windlass.kernel.Page;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tools that count: how runs of chains went, and what is going on now. */
final class McpFigureTools {
  /** As many of the newest runs as are looked at. */
  private static final int MOST = 1_000;

  private static final int PAGE = 200;
  private final McpTools tools;
  private final Executions executions;

  McpFigureTools(McpTools tools) {
    this.tools = tools;
    this.executions = tools.engine().executions();
  }

  List<McpTool> tools() {
    return List.of(
        McpTool.reads(
            "chain_stats",
            "Counts the newest 1000 runs of a chain, or of all chains: how many succeeded, how long they took, what they used. Chains alone: for runs of graphs, workflows and pipelines ask list_executions.",
            McpSchemas.none().maybe("name", "string", "Only runs of this chain"),
            this::stats),
        McpTool.reads(
            "queue_status",
            "Tells what goes on now: how many runs are queued, running and waiting for a person, and how many may run at once.",
            McpSchemas.none(),
            this::queue));
  }

  private Object stats(Caller caller, Fields arguments) {
    String name = arguments.text("name");
    arguments.check();
    if (name != null) {
      var _ = tools.definition("chain", name);
    }
    List<Execution> runs = newest(caller, Set.of("chain"), name, Set.of());
    List<Long> times = new ArrayList<>();
    long in = 0;
    long out = 0;
    BigDecimal cost = BigDecimal.ZERO;
    int unpriced = 0;
    for (Execution run : runs) {
      if (run.status() == ExecutionStatus.SUCCEEDED && run.durationMs() != null) {
        times.add(run.durationMs());
      }
      in += run.usage().inputTokens();
      out += run.usage().outputTokens();
      BigDecimal its = run.usage().costUsd();
      unpriced += its == null ? 1 : 0;
      cost = its == null ? cost : cost.add(its);
    }
    ObjectNode told = Json.object();
    told.put("name", name == null ? "all chains" : name).put("runs", runs.size());
    counts(told, runs);
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
    told.put("input_tokens", in).put("output_tokens", out);
    boolean isKnown = unpriced == 0 || cost.signum() > 0;
    told.put("known_cost_usd", isKnown ? cost : null);
    if (unpriced > 0) {
      told.put("runs_of_unknown_cost", unpriced);
    }
    if (!runs.isEmpty()) {
      told.put("last_run_at", runs.getFirst().createdAt().toString());
    }
    return told;
  }

  private Object queue(Caller caller, Fields arguments) {
    arguments.check();
    Set<ExecutionStatus> open =
        Set.of(ExecutionStatus.QUEUED, ExecutionStatus.RUNNING, ExecutionStatus.WAITING);
    List<Execution> runs = newest(caller, Set.of(), null, open);
    ObjectNode told = Json.object();
    for (ExecutionStatus status :
        List.of(ExecutionStatus.QUEUED, ExecutionStatus.RUNNING, ExecutionStatus.WAITING)) {
      told.put(Words.of(status), runs.stream().filter(run -> run.status() == status).count());
    }
    told.put("pending_approvals", tools.engine().approvals().countOpen());
    ObjectNode limits = told.putObject("may_run_at_once");
    tools
        .kinds()
        .forEach((kind, rules) -> {
          AdmissionLimit limit = rules.limit(caller.user());
          if (limit != null) {
            limits.put(kind, limit.max());
          }
        });
    told.set("newest", Json.tree(runs.stream().limit(10).map(ExecutionJson.Summary::of).toList()));
    return told;
  }

  private static void counts(ObjectNode told, List<Execution> runs) {
    for (ExecutionStatus status : ExecutionStatus.values()) {
      told.put(Words.of(status), runs.stream().filter(run -> run.status() == status).count());
    }
  }

  private List<Execution> newest(
      Caller caller, Set<String> kinds, @Nullable String name, Set<ExecutionStatus> statuses) {
    String owner = caller.equals(Caller.LOCAL) ? null : caller.user();
    var filter = new ExecutionFilter(kinds, name, statuses, owner, null, null);
    List<Execution> all = new ArrayList<>();
    @Nullable String cursor = null;
    do {
      Page<Execution> page = executions.list(filter, cursor, PAGE);
      all.addAll(page.items());
      cursor = page.nextCursor();
    } while (cursor != null && all.size() < MOST);
    return all;
  }
}
