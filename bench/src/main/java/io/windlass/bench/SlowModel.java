package io.windlass.bench;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/** Ten thousand executions that all wait for the same slow model server at once. */
final class SlowModel implements Row {
  private static final int COUNT = 10_000;
  private static final int GOAL_MB = 1024;
  private static final int ARRIVE_SECONDS = 240;

  @Override
  public String name() {
    return "slow-model";
  }

  @Override
  public String what() {
    return "10,000 executions waiting on a slow model at once";
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    Path home = bench.newHome();
    ObjectNode figures = bench.figures();
    int count = bench.options().scaled(COUNT, 200);
    Chain chain = Chain.ofSteps("slow", 1, step -> {});
    try (ModelStub model = new ModelStub();
        ServerProcess server = ServerProcess.start(bench, home, settings(model));
        Api api = new Api(server.port());
        Api chains = new Api(server.chainsPort())) {
      chains.save(chain);
      long begun = System.nanoTime();
      Burst.start(server, chain, count, bench.options().connections());
      awaitCalls(model, count);
      figures.put("all_waiting_after_s", seconds(begun));
      server.jcmd("GC.run");
      double heap = api.metrics().heapMegabytes();
      figures.put("heap_after_gc_mb", Math.round(heap));
      figures.put("rss_mb", Machine.status(server.pid(), "VmRSS") / 1024);
      figures.put("server_threads", Machine.status(server.pid(), "Threads"));
      long released = System.nanoTime();
      model.release();
      Burst.awaitEnds(api, count, 120);
      figures.put("all_ended_after_release_s", seconds(released));
      figures.put("calls", model.calls());
      if (model.calls() != count) {
        throw new IllegalStateException(
            "%d executions made %d calls".formatted(count, model.calls()));
      }
      return new Result(
          "%.0f MB heap (RSS %d MB, %d threads), all %,d ended"
              .formatted(
                  heap,
                  figures.get("rss_mb").asLong(),
                  figures.get("server_threads").asLong(),
                  count),
          "< 1 GB heap, none lost",
          heap < GOAL_MB,
          figures);
    }
  }

  private static Map<String, String> settings(ModelStub model) {
    return Map.of(
        "OPENAI_BASE_URL", model.baseUrl(),
        "OPENAI_API_KEY", "bench",
        "OPENAI_MODEL", "slow",
        "WINDLASS_MAX_CONCURRENT_EXECUTIONS", "1000000");
  }

  private static void awaitCalls(ModelStub model, int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ARRIVE_SECONDS);
    while (model.waiting() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d calls have arrived".formatted(model.waiting(), count));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  static double seconds(long since) {
    return Percentiles.round((System.nanoTime() - since) / 1e9);
  }
}
