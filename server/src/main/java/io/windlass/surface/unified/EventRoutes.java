package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.http.Routes;
import io.windlass.http.Sse;
import io.windlass.journal.Entry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** An execution's journal as pages and as a stream. */
final class EventRoutes {
  private static final int DEFAULT_LIMIT = 200;
  private static final int MAX_LIMIT = 1000;
  private final Executions executions;
  private final EventStream stream;

  EventRoutes(Executions executions, Duration heartbeat) {
    this.executions = executions;
    this.stream = new EventStream(executions, heartbeat);
  }

  void declare(Routes routes) {
    routes
        .get("/v1/executions/{id}/events", this::events)
        .get("/v1/executions/{id}/stream", this::stream);
  }

  private void events(Context context) throws IOException {
    Query query = new Query(context);
    boolean follow = query.flag("follow");
    String accept = context.header("Accept");
    if (follow || (accept != null && accept.contains("text/event-stream"))) {
      query.check();
      stream(context);
      return;
    }
    long cursor = query.number("cursor", 0, 0, Long.MAX_VALUE);
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    int limit = (int) query.number("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    query.check();
    Execution one = Access.execution(context, executions);
    List<Entry> found = executions.entries(one.id(), Math.max(after, cursor), limit + 1);
    boolean more = found.size() > limit;
    List<Entry> shown = more ? found.subList(0, limit) : found;
    context.json(
        new PageJson<>(
            shown.stream().map(EventJson::of).toList(),
            more ? Long.toString(shown.getLast().number()) : null));
  }

  private void stream(Context context) throws IOException {
    Query query = new Query(context);
    long after = query.number("after", 0, 0, Long.MAX_VALUE);
    query.check();
    long seen = Sse.lastEventId(context);
    stream.send(context, Access.execution(context, executions), seen > 0 ? seen : after);
  }
}
