package io.windlass.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Many executions of one chain, submitted as fast as the server accepts them. */
final class Burst {
  private Burst() {}

  /** Gives the ids of what was accepted, which is all. */
  static List<String> start(ServerProcess server, Chain chain, int count, int connections)
      throws IOException {
    List<String> ids = new ArrayList<>(count);
    byte[] request = chain.start(server.chainsPort());
    Pump.Work work =
        new Pump.Work() {
          private int sent;

          @Override
          public byte @Nullable [] next() {
            return sent++ < count ? request : null;
          }

          @Override
          public void answered(Answer answer, long nanos) {
            ids.add(answer.field("executionId"));
          }
        };
    try (Pump pump = new Pump(server.chainsPort(), connections)) {
      pump.run(work, () -> ids.size() == count);
    }
    return ids;
  }

  /** Waits until the server has ended so many executions, all of them well. */
  static void awaitEnds(Api api, long count, int seconds) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    Metrics metrics = api.metrics();
    while (metrics.ended() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d executions have ended after %d s".formatted(metrics.ended(), count, seconds));
      }
      TimeUnit.MILLISECONDS.sleep(100);
      metrics = api.metrics();
    }
    if (metrics.succeeded() != metrics.ended()) {
      throw new IllegalStateException(
          "%d executions did not succeed".formatted(metrics.ended() - metrics.succeeded()));
    }
  }
}
