package io.windlass.execution;

import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What can happen to a runner. */
sealed interface RunnerMessage {
  record Ended(StepRun run, StepOutcome outcome) implements RunnerMessage {}

  record TimedOut(StepRun run, Duration after) implements RunnerMessage {}

  record Abandon(StepRun run) implements RunnerMessage {}

  record RetryNow(String step) implements RunnerMessage {}

  record Wake() implements RunnerMessage {}

  /** As {@link Wake}, and the execution's row is marked, too. */
  record Due() implements RunnerMessage {}

  record RunTimedOut(Duration after) implements RunnerMessage {}

  record Cancel(String by, CompletableFuture<Void> done) implements RunnerMessage {}

  /** Begin nothing new, and be cancelled once what has begun is through. */
  record Stop(String by, CompletableFuture<Boolean> heard) implements RunnerMessage {}

  record Drain(boolean now) implements RunnerMessage {}
}
