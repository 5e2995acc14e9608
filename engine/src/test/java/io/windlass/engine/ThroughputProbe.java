package io.windlass.engine;

import io.windlass.execution.StartRequest;
import io.windlass.kernel.Json;
import io.windlass.step.Effect;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import io.windlass.store.TestDatabases;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Not a test: measures the engine alone, run by hand. */
final class ThroughputProbe {
  private ThroughputProbe() {}

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  public static void main(String[] args) throws Exception {
    int total = Integer.parseInt(args[1]);
    int atOnce = Integer.parseInt(args[2]);
    Path home = Files.createTempDirectory("probe");
    String url = args[0].equals("pg") ? TestDatabases.newPostgresUrl() : null;
    Step noop =
        context -> {
          var result = context.once(Effect.repeatable("noop", "nothing"), () -> Json.text("done"));
          return StepOutcome.done(result);
        };
    CodeKind kind =
        new CodeKind()
            .with(
                "ten",
                () -> {
                  Flows flows = Flows.of("s9").step("s0", noop);
                  for (int i = 1; i < 10; i++) {
                    flows.step("s" + i, noop, "s" + (i - 1));
                  }
                  return flows.build();
                });
    try (Engine engine =
        Engine.open(new EngineConfig(home, url, Duration.ofSeconds(5), null), List.of(kind))) {
      engine.start();
      engine.definitions().save("code", "ten", "ten");
      for (int round = 0; round < 4; round++) {
        Semaphore slots = new Semaphore(atOnce);
        AtomicInteger ended = new AtomicInteger();
        long begun = System.nanoTime();
        long cpu = cpuNanos();
        for (int i = 0; i < total; i++) {
          slots.acquire();
          Thread.startVirtualThread(() -> {
            try {
              var execution =
                  engine
                      .executions()
                      .start(
                          new StartRequest(
                              "code", "ten", Json.object(), "probe", "me", "", null, null));
              engine.executions().awaitEnd(execution.id(), Duration.ofSeconds(60));
              ended.incrementAndGet();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              slots.release();
            }
          });
        }
        slots.acquire(atOnce);
        double seconds = (System.nanoTime() - begun) / 1e9;
        System.out.printf(
            "%s: %d ended, %.0f/s, %.0f us of processor time each%n",
            args[0], ended.get(), total / seconds, (cpuNanos() - cpu) / 1e3 / total);
      }
    }
  }
}
