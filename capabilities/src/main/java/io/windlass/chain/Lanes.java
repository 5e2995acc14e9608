package io.windlass.chain;

import io.windlass.kernel.Fork;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Many small runs over few threads. */
final class Lanes {
  private Lanes() {}

  /** One of the runs. */
  @FunctionalInterface
  interface Run {
    /**
     * @param stop to be set when no further run shall begin
     */
    StepOutcome of(int index, AtomicBoolean stop) throws Exception;
  }

  /**
   * Runs from {@code from} up to {@code to}, so many at a time.
   *
   * @return their outcomes in order; less than all of them when one of them set the sign
   */
  static List<StepOutcome> run(int atOnce, int from, int to, Run run) throws Exception {
    @Nullable StepOutcome[] outcomes = new StepOutcome[to - from];
    AtomicInteger next = new AtomicInteger(from);
    AtomicBoolean stop = new AtomicBoolean();
    try (Fork<Boolean> fork = Fork.open("loop")) {
      for (int lane = 0; lane < Math.min(atOnce, to - from); lane++) {
        fork.fork(() -> {
          // Whoever takes a place fills it, so that no gap comes before an outcome.
          while (!stop.get()) {
            int place = next.getAndIncrement();
            if (place >= to) {
              break;
            }
            outcomes[place - from] = run.of(place, stop);
          }
          return true;
        });
      }
      fork.join();
    }
    List<StepOutcome> all = new ArrayList<>(outcomes.length);
    for (StepOutcome outcome : outcomes) {
      if (outcome == null) {
        break;
      }
      all.add(outcome);
    }
    return all;
  }
}
