package io.windlass.surface.compute;

import io.windlass.http.Sse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Shows an execution's events as named server-sent events. */
final class EventFrames implements EventViewer {
  private final Sse sse;
  private @Nullable String skipTo;

  /**
   * @param seen the id of the event that the client has seen last; null for none
   */
  EventFrames(Sse sse, @Nullable String seen) {
    this.sse = sse;
    this.skipTo = seen;
  }

  @Override
  public void show(ComputeEvent event) throws IOException {
    if (skipTo != null) {
      if (skipTo.equals(event.id())) {
        skipTo = null;
      }
      return;
    }
    ObjectNode data = event.data().deepCopy();
    String name = event.name();
    switch (name) {
      case "execution_started" -> data.put("status", "initializing");
      case "llm_call_completed" -> {
        name = "llm_call";
        data.set("tokens", data.path("total_tokens"));
      }
      case "step_completed", "execution_completed" ->
          data.set("duration", data.path("duration_seconds"));
      default -> {}
    }
    sse.send(name, data.toString(), event.id());
  }

  @Override
  public void idle() throws IOException {
    sse.comment("heartbeat");
  }
}
