package io.windlass.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/** From the launcher's start to the first 200, and what the server holds when nobody asks it. */
final class StartUp implements Row {
  private static final int RUNS = 7;
  private static final int IDLE_SECONDS = 5;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String what() {
    return "start to first 200 on /health, and memory when idle";
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    ObjectNode figures = bench.figures();
    Path home = bench.newHome();
    List<Double> starts = new ArrayList<>();
    List<Double> processorTimes = new ArrayList<>();
    int runs = bench.options().scaled(RUNS, 3);
    for (int i = 0; i <= runs; i++) {
      try (ServerProcess server = ServerProcess.start(bench, home, Map.of())) {
        double cpu = Machine.cpuSeconds(server.pid());
        if (i == 0) {
          figures.put("first_start_of_a_home_ms", Percentiles.round(server.readyAfterMs()));
        } else {
          starts.add(server.readyAfterMs());
          processorTimes.add(cpu);
        }
        if (i == runs) {
          idle(server, figures);
        }
      }
    }
    starts.sort(null);
    processorTimes.sort(null);
    double cpu = processorTimes.get(processorTimes.size() / 2);
    figures.put("cpu_seconds_until_ready", Percentiles.round(cpu));
    double median = starts.get(starts.size() / 2);
    double rss = figures.get("idle_rss_mb").asDouble();
    var all = figures.putArray("starts_ms");
    starts.forEach(start -> all.add(Percentiles.round(start)));
    return new Result(
        "%.2f s (best %.2f, new home %.2f, CPU %.2f s) / RSS %.0f MB, heap %.0f MB"
            .formatted(
                median / 1000,
                starts.getFirst() / 1000,
                figures.get("first_start_of_a_home_ms").asDouble() / 1000,
                cpu,
                rss,
                figures.get("idle_heap_mb").asDouble()),
        "0.6 s / 200 MB",
        median <= 600 && rss <= 200,
        figures);
  }

  private static void idle(ServerProcess server, ObjectNode figures) throws Exception {
    TimeUnit.SECONDS.sleep(IDLE_SECONDS);
    figures.put("idle_rss_mb", Math.round(Machine.status(server.pid(), "VmRSS") / 1024.0));
    figures.put("idle_threads", Machine.status(server.pid(), "Threads"));
    try (Api api = new Api(server.port())) {
      figures.put("idle_heap_mb", Math.round(api.metrics().heapMegabytes()));
    }
    figures.put("server_jvm", server.jvmOptions());
  }
}
