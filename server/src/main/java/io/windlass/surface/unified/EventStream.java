package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.http.Sse;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ExecutionId;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Sends an execution's journal as server-sent events: what has happened, then what happens. */
final class EventStream {
  private final Executions executions;
  private final Duration heartbeat;

  EventStream(Executions executions, Duration heartbeat) {
    this.executions = executions;
    this.heartbeat = heartbeat;
  }

  /** Answers the request; returns when the run has ended or the client has gone. */
  void send(Context context, Execution execution, long after) throws IOException {
    ExecutionId id = execution.id();
    if (nothingFollows(id, after)) {
      // An EventSource connects again after every end; this answer tells it to stop.
      context.status(204);
      return;
    }
    try (Tail tail = executions.tail(id, after)) {
      follow(Sse.open(context), tail, id, after);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void follow(Sse sse, Tail tail, ExecutionId id, long after)
      throws IOException, InterruptedException {
    ShownOutput shown = new ShownOutput();
    long last = after;
    while (true) {
      Optional<Tail.Seen> seen = tail.next(heartbeat);
      if (seen.isEmpty()) {
        sse.comment("heartbeat");
        if (nothingFollows(id, last)) {
          return;
        }
        continue;
      }
      switch (seen.get()) {
        case Tail.Live(Event.StepOutput output) -> {
          Event.StepOutput fresh = shown.live(output);
          if (fresh != null) {
            sse.send(null, EventJson.live(fresh).toString(), null);
          }
        }
        case Tail.Recorded(Entry entry) -> {
          sse.send(null, recorded(entry, shown).toString(), Long.toString(entry.number()));
          last = entry.number();
          if (isEnd(entry.event()) && nothingFollows(id, last)) {
            return;
          }
        }
      }
    }
  }

  private static ObjectNode recorded(Entry entry, ShownOutput shown) {
    return switch (entry.event()) {
      case Event.StepOutput output -> EventJson.of(entry, shown.stored(output));
      case Event.StepStarted started -> {
        shown.begin(started);
        yield EventJson.of(entry);
      }
      case Event other -> EventJson.of(entry, other);
    };
  }

  /** A run that was resumed has such events in its middle too. */
  private static boolean isEnd(Event event) {
    return event instanceof Event.ExecutionSucceeded
        || event instanceof Event.ExecutionFailed
        || event instanceof Event.ExecutionCancelled;
  }

  private boolean nothingFollows(ExecutionId id, long number) {
    return executions.get(id).status().isFinal() && executions.entries(id, number, 1).isEmpty();
  }
}
