package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.execution.Execution;
import io.windlass.execution.Executions;
import io.windlass.http.Routes;
import io.windlass.http.Sse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The live stream of an execution: catches up, follows, ends with it. */
final class StreamRoute {
  /** How long a stream of an unknown id waits for an execution to appear. */
  private static final int WAIT_SECONDS = 300;

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int POLLS_PER_HEARTBEAT = (int) (Follower.HEARTBEAT.toMillis() / 500);

  private final Executions executions;
  private final Lookup lookup;

  StreamRoute(Executions executions, Lookup lookup) {
    this.executions = executions;
    this.lookup = lookup;
  }

  void declare(Routes routes) {
    routes.get("/executions/{id}/stream", this::stream);
  }

  private void stream(Context context) throws IOException, InterruptedException {
    String publicId = context.pathParam("id");
    long seen = Sse.lastEventId(context);
    Optional<Execution> known = lookup.find(publicId);
    if (known.isPresent() && hasSeenTheEnd(known.get(), seen)) {
      // An EventSource connects again after every end; this answer tells it to stop.
      context.status(204);
      return;
    }
    Sse sse = Sse.open(context);
    Optional<Execution> found = known.isPresent() ? known : appearing(publicId, sse);
    if (found.isPresent()) {
      Execution execution = found.get();
      var frames = new Frames(sse, execution.publicId());
      var voice = new Voice.Direct("", execution.kind().equals(ChainsSurface.PIPELINE));
      new Follower(executions, frames, execution.id(), voice, true)
          .follow(believable(execution, seen));
    }
  }

  /** Whoever names no number gets the end again, as the contract has it. */
  private boolean hasSeenTheEnd(Execution execution, long seen) {
    return execution.status().isFinal()
        && believable(execution, seen) > 0
        && !Follower.endsAfter(executions, execution.id(), seen);
  }

  /** A number beyond the journal is of another journal: then the stream begins at the beginning. */
  private long believable(Execution execution, long seen) {
    boolean exists = seen > 0 && !executions.entries(execution.id(), seen - 1, 1).isEmpty();
    return exists ? seen : 0;
  }

  private Optional<Execution> appearing(String publicId, Sse sse)
      throws IOException, InterruptedException {
    int polls = (int) (WAIT_SECONDS * 1000L / POLL.toMillis());
    for (int poll = 1; poll <= polls; poll++) {
      Thread.sleep(POLL);
      Optional<Execution> found = lookup.find(publicId);
      if (found.isPresent()) {
        return found;
      }
      if (poll % POLLS_PER_HEARTBEAT == 0) {
        sse.comment("heartbeat");
      }
    }
    return Optional.empty();
  }
}
