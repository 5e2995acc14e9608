package io.windlass.execution;

import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.WindlassException;
import io.windlass.step.EarlyOutcome;
import io.windlass.step.State;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt of one step, on a virtual thread of its own. */
final class StepRun {
  private static final Logger log = LoggerFactory.getLogger(StepRun.class);

  private final Execution execution;
  private final NodeProgress progress;
  private final StepJournal journal;
  private final StopSign stop;
  private final RunContext context;
  private final long begunNanos = System.nanoTime();
  private @Nullable Thread thread;
  private volatile boolean timedOut;

  StepRun(
      Execution execution,
      int depth,
      NodeProgress progress,
      State state,
      Usage before,
      ExecutionLog journal,
      InstantSource clock,
      OutputFlusher flusher) {
    this.execution = execution;
    this.progress = progress;
    this.journal = new StepJournal(progress, journal, flusher);
    this.stop = new StopSign(progress.node.id());
    this.context =
        new RunContext(execution, depth, progress, state, before, this.journal, stop, clock);
  }

  /** Begins; the outcome is handed over exactly once. */
  void start(Consumer<StepOutcome> whenEnded) {
    Thread begun =
        Thread.ofVirtual()
            .name(execution.publicId() + "/" + progress.node.id())
            .unstarted(() -> whenEnded.accept(runToEnd()));
    thread = begun;
    begun.start();
  }

  private StepOutcome runToEnd() {
    StepOutcome outcome = runStep();
    stop.end();
    journal.endOutput(outcome);
    return outcome;
  }

  private StepOutcome runStep() {
    try {
      return progress.node.step().run(context);
    } catch (InterruptedException | CancellationException e) {
      return new StepOutcome.Failed("Interrupted", true);
    } catch (EarlyOutcome e) {
      return e.outcome();
    } catch (WindlassException e) {
      return new StepOutcome.Failed(e.text(), true);
    } catch (Exception e) {
      log.debug("Step {} of {} failed", progress.node.id(), execution.id(), e);
      String message = e.getMessage();
      return new StepOutcome.Failed(
          message == null || message.isBlank() ? e.getClass().getSimpleName() : message, true);
    } catch (StackOverflowError | OutOfMemoryError e) {
      log.error("Step {} of {} failed", progress.node.id(), execution.id(), e);
      return new StepOutcome.Failed(e.toString(), false);
    }
  }

  NodeProgress progress() {
    return progress;
  }

  /** What came from a cache took no time. */
  long elapsedMs() {
    return (System.nanoTime() - begunNanos) / 1_000_000;
  }

  /** Whether its result was found in a cache, which counts as no time. */
  boolean isFromCache() {
    return context.cached();
  }

  Usage usage() {
    return context.usage();
  }

  /** Why the run was told to stop; null while it was not. */
  @Nullable String stopReason() {
    return stop.reason();
  }

  /** Remembers that it is time that stops this run, so that it counts as a failed attempt. */
  void noteTimeout() {
    timedOut = true;
  }

  boolean timedOut() {
    return timedOut;
  }

  /** Tells the step to stop: its cancel actions run, then its thread is interrupted. */
  void stop(String reason) {
    stop.raise(reason);
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** From here on the step cannot write anything. */
  void close() {
    journal.close();
  }
}
