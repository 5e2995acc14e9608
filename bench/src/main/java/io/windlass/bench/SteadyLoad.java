package io.windlass.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps a number of executions under way, and counts between two looks at the server's own figures
 * how many have ended.
 */
final class SteadyLoad {
  /**
   * The figure that has what part of the server's processor time its compilers took, in percent.
   */
  static final String COMPILING = "server_compiling_percent";

  private static final int WARM_UP_SECONDS = 40;
  private static final int WINDOW_SECONDS = 30;

  /** A look costs the server a millisecond or two, so there are few. */
  private static final long LOOK_MS = 250;

  private static final int DRAIN_SECONDS = 60;

  private final Bench bench;
  private final ServerProcess server;
  private final @Nullable Postgres postgres;
  private final Chain chain = Chain.ofSteps("ten", Throughput.STEPS, step -> {});
  private final AtomicLong accepted = new AtomicLong();
  private volatile long ended;
  private volatile boolean stopping;
  private volatile @Nullable Throwable broken;

  SteadyLoad(Bench bench, ServerProcess server, @Nullable Postgres postgres) {
    this.bench = bench;
    this.server = server;
    this.postgres = postgres;
  }

  /** A moment of the load. */
  private record Mark(
      long nanos,
      long ended,
      double serverCpu,
      Map<String, Double> serverThreads,
      double databaseCpu,
      double ownCpu) {}

  /** Runs warm-up, window and drain; gives executions per second. */
  double run(String name, ObjectNode figures) throws Exception {
    try (Api chains = new Api(server.chainsPort());
        Api api = new Api(server.port())) {
      chains.save(chain);
      Thread submitter = Thread.ofPlatform().name("submitter").start(this::submit);
      try {
        follow(api, bench.options().scaled(WARM_UP_SECONDS, 3));
        String recording = startRecording(name);
        Mark begin = mark(api);
        follow(api, bench.options().scaled(WINDOW_SECONDS, 3));
        Mark end = mark(api);
        stopRecording(recording);
        stopping = true;
        submitter.join();
        drain(api);
        return describe(begin, end, figures);
      } finally {
        stopping = true;
        submitter.join();
      }
    }
  }

  private void submit() {
    byte[] request = chain.start(server.chainsPort());
    int inFlight = bench.options().inFlight();
    Pump.Work work =
        new Pump.Work() {
          private long sent;

          @Override
          public byte @Nullable [] next() {
            if (stopping || sent - ended >= inFlight) {
              return null;
            }
            sent++;
            return request;
          }

          @Override
          public void answered(Answer answer, long nanos) {
            if (answer.status() != 200) {
              throw new IllegalStateException("a start was refused: " + answer);
            }
            accepted.incrementAndGet();
          }
        };
    try (Pump pump = new Pump(server.chainsPort(), bench.options().connections())) {
      pump.run(work, () -> stopping);
    } catch (IOException | RuntimeException e) {
      broken = e;
    }
  }

  private void follow(Api api, int seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < deadline) {
      look(api);
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    }
  }

  private void look(Api api) throws IOException {
    Throwable cause = broken;
    if (cause != null) {
      throw new IllegalStateException("the load broke off", cause);
    }
    Metrics metrics = api.metrics();
    ended = metrics.ended();
    if (metrics.ended() != metrics.succeeded()) {
      throw new IllegalStateException(
          "%d executions did not succeed".formatted(metrics.ended() - metrics.succeeded()));
    }
  }

  private Mark mark(Api api) throws IOException {
    look(api);
    return new Mark(
        System.nanoTime(),
        ended,
        Machine.cpuSeconds(server.pid()),
        Machine.cpuSecondsByThread(server.pid()),
        postgres == null ? 0 : Machine.cpuSecondsOfTree(postgres.pid()),
        Machine.cpuSeconds(ProcessHandle.current().pid()));
  }

  /** All that was accepted has to end, and nothing may stand in another state. */
  private void drain(Api api) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
    while (ended < accepted.get()) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d accepted executions have not ended"
                .formatted(accepted.get() - ended, accepted.get()));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      look(api);
    }
    Answer others =
        api.get("/v1/executions?status=queued,running,waiting,failed,cancelled&limit=1");
    if (others.status() != 200 || others.body().contains("\"id\"")) {
      throw new IllegalStateException("an execution did not end well: " + others);
    }
    Answer sample = api.get("/v1/executions?limit=1");
    Answer events = api.get("/v1/executions/" + sample.field("id") + "/events?limit=1000");
    int effects = events.body().split("\"effect_done\"", -1).length - 1;
    if (effects != Throughput.STEPS) {
      throw new IllegalStateException(
          "an execution journalled %d effects: %s".formatted(effects, events.body()));
    }
  }

  private double describe(Mark begin, Mark end, ObjectNode figures) {
    double seconds = (end.nanos() - begin.nanos()) / 1e9;
    long count = end.ended() - begin.ended();
    double rate = count / seconds;
    figures.put("window_seconds", Percentiles.round(seconds));
    figures.put("executions", count);
    figures.put("executions_per_second", Percentiles.round(rate));
    figures.put("accepted_in_all", accepted.get());
    figures.put("ended_in_all", ended);
    each(figures, "server", end.serverCpu() - begin.serverCpu(), count, seconds);
    each(figures, "harness", end.ownCpu() - begin.ownCpu(), count, seconds);
    ObjectNode threads = figures.putObject("server_cpu_ms_each_by_thread");
    end.serverThreads()
        .forEach((thread, cpu) -> {
          double used = cpu - begin.serverThreads().getOrDefault(thread, 0.0);
          double share = Percentiles.round(used * 1000 / Math.max(1, count));
          if (share > 0.003) {
            threads.put(thread, share);
          }
        });
    double compiling = compilers(end.serverThreads()) - compilers(begin.serverThreads());
    figures.put(
        COMPILING,
        Math.round(100 * compiling / Math.max(0.01, end.serverCpu() - begin.serverCpu())));
    if (postgres != null) {
      each(figures, "database", end.databaseCpu() - begin.databaseCpu(), count, seconds);
    }
    return rate;
  }

  private static double compilers(Map<String, Double> threads) {
    return threads.entrySet().stream()
        .filter(thread -> thread.getKey().contains("Compiler"))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  private static void each(
      ObjectNode figures, String who, double cpuSeconds, long count, double seconds) {
    figures.put(who + "_cpu_ms_each", Percentiles.round(cpuSeconds * 1000 / Math.max(1, count)));
    figures.put(who + "_cpus_used", Percentiles.round(cpuSeconds / seconds));
  }

  private @Nullable String startRecording(String name) throws IOException, InterruptedException {
    Path folder = bench.options().profile();
    if (folder == null) {
      return null;
    }
    String file = folder.toAbsolutePath().resolve(name + ".jfr").toString();
    String answer =
        server.jcmd(
            "JFR.start",
            "name=bench",
            "settings=profile",
            "jdk.CPUTimeSample#enabled=true",
            "jdk.CPUTimeSample#throttle=10ms",
            "filename=" + file);
    if (!answer.contains("Started recording")) {
      bench.say(answer);
    }
    return file;
  }

  private void stopRecording(@Nullable String file) throws IOException, InterruptedException {
    if (file != null) {
      server.jcmd("JFR.stop", "name=bench");
      bench.say("flight recording: " + file);
    }
  }
}
