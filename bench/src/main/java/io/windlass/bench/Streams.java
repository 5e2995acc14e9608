package io.windlass.bench;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A thousand runs with a viewer each: from an event's own time to its arrival at the viewer. */
final class Streams implements Row {
  private static final int VIEWERS = 1_000;
  private static final int STEPS = 15;
  private static final int STEP_MS = 2_000;
  private static final int GOAL_MS = 20;

  @Override
  public String name() {
    return "streams";
  }

  @Override
  public String what() {
    return "event to SSE client, 1,000 streams open";
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    Path home = bench.newHome();
    ObjectNode figures = bench.figures();
    int viewers = bench.options().scaled(VIEWERS, 100);
    Chain chain = Chain.ofSteps("ticking", STEPS, step -> {});
    try (ServerProcess server = ServerProcess.start(bench, home, Script.settings(home, STEP_MS));
        Api chains = new Api(server.chainsPort());
        StreamViewers viewing = new StreamViewers(server.port())) {
      chains.save(chain);
      warmUp(bench, server, chain);
      Deque<String> started = begin(server, chain, viewers);
      for (String id : started) {
        viewing.open("/v1/executions/" + id + "/stream");
      }
      viewing.awaitOpen(viewers, 30);
      viewing.countFrom(Instant.now().plusMillis(500));
      figures.put("server_threads", Machine.status(server.pid(), "Threads"));
      viewing.awaitEnds(viewers, STEPS * STEP_MS / 1000 * 3);
      Percentiles delays = viewing.delays();
      delays.describe(figures.putObject("event_to_client"));
      figures.put("viewers", viewers);
      figures.put("events_per_second", Math.round(viewing.eventsPerSecond()));
      return new Result(
          "p99 %.1f ms (p50 %.1f, %d streams, %.0f events/s)"
              .formatted(delays.millis(99), delays.millis(50), viewers, viewing.eventsPerSecond()),
          "p99 20 ms",
          delays.millis(99) <= GOAL_MS,
          figures);
    }
  }

  /** A round that nobody watches, so that what is measured runs compiled. */
  private static void warmUp(Bench bench, ServerProcess server, Chain chain) throws Exception {
    begin(server, chain, bench.options().scaled(VIEWERS / 2, 50));
    try (StreamViewers viewing = new StreamViewers(server.port())) {
      Deque<String> started = begin(server, chain, bench.options().scaled(VIEWERS / 5, 20));
      int count = started.size();
      for (String id : started) {
        viewing.open("/v1/executions/" + id + "/stream");
      }
      viewing.awaitEnds(count, STEPS * STEP_MS / 1000 * 3);
    }
  }

  /** Starts them spread over the time of one step, so that their steps do not fall together. */
  private static Deque<String> begin(ServerProcess server, Chain chain, int count)
      throws Exception {
    Deque<String> ids = new ArrayDeque<>();
    byte[] request = chain.start(server.chainsPort());
    long begun = System.nanoTime();
    Pump.Work work =
        new Pump.Work() {
          private int sent;

          @Override
          public byte @Nullable [] next() {
            long due = (System.nanoTime() - begun) * count / TimeUnit.MILLISECONDS.toNanos(STEP_MS);
            if (sent >= count || sent > due) {
              return null;
            }
            sent++;
            return request;
          }

          @Override
          public void answered(Answer answer, long nanos) {
            ids.add(answer.field("executionId"));
          }
        };
    try (Pump pump = new Pump(server.chainsPort(), 16)) {
      pump.run(work, () -> ids.size() == count);
    }
    return ids;
  }
}
