package io.windlass.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/** SIGKILL under load at random moments, a restart, and what became of everything accepted. */
final class Crashes implements Row {
  private static final int KILLS = 8;
  private static final int STEPS = 6;
  private static final int SUBMITTERS = 4;
  private static final int PAUSE_MS = 25;
  private static final int SETTLE_SECONDS = 120;

  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private volatile int port;
  private volatile boolean stopping;
  private final boolean onPostgres;

  Crashes(boolean onPostgres) {
    this.onPostgres = onPostgres;
  }

  @Override
  public String name() {
    return onPostgres ? "crash-postgres" : "crash";
  }

  @Override
  public String what() {
    return "kill -9 under load, restart%s: nothing lost, no finished effect repeated"
        .formatted(onPostgres ? " on PostgreSQL" : "");
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    if (!onPostgres) {
      return measure(bench, settings());
    }
    try (Postgres postgres = Postgres.start(bench.folder().resolve("crash-postgres"))) {
      Map<String, String> settings = new TreeMap<>(settings());
      settings.put("WINDLASS_DATABASE_URL", postgres.url());
      return measure(bench, settings);
    }
  }

  private Result measure(Bench bench, Map<String, String> settings) throws Exception {
    Path home = bench.newHome();
    ObjectNode figures = bench.figures();
    int kills = bench.options().scaled(KILLS, 2);
    Random random = new Random();
    try (HookStub hooks = new HookStub()) {
      Chain chain =
          Chain.ofSteps(
              "hooked",
              STEPS,
              step ->
                  step.put("type", "webhook")
                      .put(
                          "webhook_url",
                          hooks.url() + "/{input.run}/" + step.get("id").asString().substring(1)));
      Thread[] submitters = new Thread[SUBMITTERS];
      try {
        for (int kill = 0; kill < kills; kill++) {
          ServerProcess server = ServerProcess.start(bench, home, settings);
          try {
            begin(server, chain, submitters);
            TimeUnit.MILLISECONDS.sleep(700 + random.nextInt(2_500));
          } finally {
            server.kill();
          }
        }
        try (ServerProcess server = ServerProcess.start(bench, home, settings);
            Api api = new Api(server.port())) {
          port = server.chainsPort();
          TimeUnit.SECONDS.sleep(1);
          end(submitters);
          settle(api);
          return result(api, hooks, kills, figures);
        }
      } finally {
        end(submitters);
      }
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        "WINDLASS_MAX_CONCURRENT_EXECUTIONS", "1000000",
        "WINDLASS_EXECUTION_MAX_AGE_DAYS", "0",
        "WINDLASS_ALLOW_PRIVATE_FETCH", "true");
  }

  private void begin(ServerProcess server, Chain chain, Thread[] submitters) throws IOException {
    boolean first = port == 0;
    if (first) {
      try (Api api = new Api(server.chainsPort())) {
        api.save(chain);
      }
    }
    port = server.chainsPort();
    for (int i = 0; first && i < submitters.length; i++) {
      String prefix = "r" + i + "-";
      submitters[i] = Thread.ofVirtual().start(() -> submit(chain, prefix));
    }
  }

  private void end(Thread[] submitters) throws InterruptedException {
    stopping = true;
    for (Thread submitter : submitters) {
      if (submitter != null) {
        submitter.join();
      }
    }
  }

  /** What is answered is accepted; what was under way when the server died may be or not. */
  private void submit(Chain chain, String prefix) {
    int number = 0;
    while (!stopping) {
      int current = port;
      try (Api api = new Api(current)) {
        while (!stopping && current == port) {
          String run = prefix + number++;
          String body = "{\"input\":{\"run\":\"" + run + "\"}}";
          api.post("/execute/" + chain.name(), body).field("executionId");
          accepted.add(run);
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
      } catch (IOException e) {
        // The server was killed: the next one listens elsewhere.
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void settle(Api api) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    while (api.get("/v1/executions?status=queued,running,waiting&limit=1")
        .body()
        .contains("\"id\"")) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("executions are still under way after the last restart");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  private Result result(Api api, HookStub hooks, int kills, ObjectNode figures) throws Exception {
    Answer bad = api.get("/v1/executions?status=failed,cancelled&limit=5");
    boolean allWell = bad.status() == 200 && !bad.body().contains("\"id\"");
    long lost = accepted.stream().filter(run -> hooks.lastStep(run) < STEPS).count();
    figures.put("kills", kills);
    figures.put("accepted", accepted.size());
    figures.put("lost", lost);
    figures.put("effects", hooks.calls());
    figures.put("effects_repeated_because_unfinished", hooks.repeats());
    var faults = figures.putArray("faults");
    hooks.faults().stream().limit(20).forEach(faults::add);
    if (!allWell) {
      faults.add("did not succeed: " + bad.body());
    }
    return new Result(
        "%d kills: %,d accepted, %d lost, %d finished effects repeated (%d unfinished ones)"
            .formatted(kills, accepted.size(), lost, hooks.faults().size(), hooks.repeats()),
        "0 lost, 0 repeated",
        allWell && lost == 0 && hooks.faults().isEmpty(),
        figures);
  }
}
