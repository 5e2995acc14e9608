package io.windlass.surface.unified;

import io.windlass.http.Caller;
import io.windlass.kernel.Json;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** Tools that count: how runs of chains went, and what is going on now. */
final class McpFigureTools {
  private final McpTools tools;
  private final Figures figures;

  McpFigureTools(McpTools tools) {
    this.tools = tools;
    this.figures = new Figures(tools.engine(), tools.kinds());
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
    ObjectNode told = Json.object().put("name", name == null ? "all chains" : name);
    return told.setAll(figures.stats(caller, Set.of("chain"), name));
  }

  private Object queue(Caller caller, Fields arguments) {
    arguments.check();
    return figures.queue(caller);
  }
}
