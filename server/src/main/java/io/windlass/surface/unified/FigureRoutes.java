package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.http.Caller;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/stats} and {@code /v1/queue}: how runs went, and what is going on now. */
final class FigureRoutes {
  private final Map<String, KindRules> kinds;
  private final Figures figures;

  FigureRoutes(EnginePorts engine, Map<String, KindRules> kinds) {
    this.kinds = kinds;
    this.figures = new Figures(engine, kinds);
  }

  void declare(Routes routes) {
    routes
        .get("/v1/stats", this::stats)
        .get("/v1/queue", context -> context.json(figures.queue(Caller.of(context))));
  }

  private void stats(Context context) {
    Query query = new Query(context);
    Set<String> wanted = query.texts("kind", kinds.keySet());
    String name = query.text("name");
    query.check();
    ObjectNode told = Json.object();
    told.set("kinds", Json.tree(wanted));
    told.put("name", name).put("newest_at_most", Figures.MOST);
    context.json(told.setAll(figures.stats(Caller.of(context), wanted, name)));
  }
}
