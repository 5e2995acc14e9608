package io.windlass.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A hundred thousand executions that wait for a person, of which some are then approved. */
final class Gates implements Row {
  private static final int COUNT = 100_000;
  private static final int SAMPLE = 2_000;
  private static final int APPROVERS = 2;
  private static final int GOAL_MS = 50;
  private static final int PARK_SECONDS = 300;

  @Override
  public String name() {
    return "gates";
  }

  @Override
  public String what() {
    return "100,000 executions parked at gates, some approved";
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    Path home = bench.newHome();
    ObjectNode figures = bench.figures();
    int count = bench.options().scaled(COUNT, 1_000);
    int sample = Math.min(count, bench.options().scaled(SAMPLE, 200));
    Chain chain = Chain.ofSteps("gated", 1, step -> step.put("type", "gate"));
    try (ServerProcess server = ServerProcess.start(bench, home, Script.settings(home, 0));
        Api api = new Api(server.port());
        Api chains = new Api(server.chainsPort())) {
      chains.save(chain);
      long before = Machine.status(server.pid(), "Threads");
      long begun = System.nanoTime();
      List<String> ids = Burst.start(server, chain, count, bench.options().connections());
      awaitParked(api);
      figures.put("all_parked_after_s", SlowModel.seconds(begun));
      long threads = Machine.status(server.pid(), "Threads");
      figures.put("threads_before", before);
      figures.put("threads_while_parked", threads);
      figures.put("rss_mb", Machine.status(server.pid(), "VmRSS") / 1024);
      server.jcmd("GC.run");
      figures.put("heap_after_gc_mb", Math.round(api.metrics().heapMegabytes()));
      java.util.Collections.shuffle(ids, new Random(1));
      Percentiles times = approve(server, ids.subList(0, sample));
      times.describe(figures.putObject("approve"));
      Burst.awaitEnds(api, sample, 60);
      for (String id : ids.subList(0, Math.min(100, sample))) {
        if (!api.get("/v1/executions/" + id).field("status").equals("succeeded")) {
          throw new IllegalStateException("approved, and did not end well: " + id);
        }
      }
      return new Result(
          "approve p50 %.1f / p99 %.1f ms; %,d parked with %d threads, all %,d approved ended"
              .formatted(times.millis(50), times.millis(99), count, threads, sample),
          "no thread each, approve p99 < 50 ms",
          times.millis(99) < GOAL_MS && threads < before + 64,
          figures);
    }
  }

  private static void awaitParked(Api api) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PARK_SECONDS);
    while (true) {
      Answer busy = api.get("/v1/executions?status=queued,running,failed,cancelled&limit=1");
      if (busy.status() == 200 && !busy.body().contains("\"id\"")) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("not all executions have parked: " + busy);
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private static Percentiles approve(ServerProcess server, List<String> ids) throws Exception {
    Percentiles times = new Percentiles();
    Pump.Work work =
        new Pump.Work() {
          private int sent;

          @Override
          public byte @Nullable [] next() {
            if (sent == ids.size()) {
              return null;
            }
            String path = "/executions/" + ids.get(sent++) + "/approve/s1";
            return Requests.post(server.chainsPort(), path, "{\"approved\":true}");
          }

          @Override
          public void answered(Answer answer, long nanos) {
            if (answer.status() != 200) {
              throw new IllegalStateException("an approval was refused: " + answer);
            }
            times.add(nanos);
          }
        };
    try (Pump pump = new Pump(server.chainsPort(), APPROVERS)) {
      pump.run(work, () -> times.count() == ids.size());
    }
    return times;
  }
}
