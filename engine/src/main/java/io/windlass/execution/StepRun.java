package io.windlass.execution;

import io.windlass.definition.RecoveryRule;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.OnRecovery;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One attempt of one step on a virtual thread of its own, and what the step may ask meanwhile. */
final class StepRun implements StepContext {
  private static final Logger log = LoggerFactory.getLogger(StepRun.class);

  private final Execution execution;
  private final int depth;
  private final NodeProgress progress;
  private final int attempt;
  private final State state;
  private final ExecutionLog journal;
  private final InstantSource clock;
  private final OutputPieces output;
  private final Set<Runnable> cancelActions = ConcurrentHashMap.newKeySet();
  private final long begunNanos = System.nanoTime();
  private ExecutionLog.@Nullable Durable lastEffect;
  private Usage usage = Usage.NONE;
  private @Nullable Thread thread;
  private volatile boolean closed;
  private volatile @Nullable String stopReason;
  private volatile boolean timedOut;

  StepRun(
      Execution execution,
      int depth,
      NodeProgress progress,
      State state,
      ExecutionLog journal,
      InstantSource clock,
      OutputFlusher flusher) {
    this.execution = execution;
    this.depth = depth;
    this.progress = progress;
    this.attempt = progress.attempt;
    this.state = state;
    this.journal = journal;
    this.clock = clock;
    this.output = new OutputPieces(progress.node.id(), attempt, journal, flusher);
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
    if (outcome instanceof StepOutcome.Failed) {
      output.flush();
    }
    output.end();
    return outcome;
  }

  private StepOutcome runStep() {
    try {
      return progress.node.step().run(this);
    } catch (InterruptedException | CancellationException e) {
      return new StepOutcome.Failed("Interrupted", true);
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

  long elapsedMs() {
    return (System.nanoTime() - begunNanos) / 1_000_000;
  }

  synchronized Usage usage() {
    return usage;
  }

  /** Why the run was told to stop; null while it was not. */
  @Nullable String stopReason() {
    return stopReason;
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
    stopReason = reason;
    for (Runnable action : cancelActions) {
      runCancelAction(action);
    }
    Thread running = thread;
    if (running != null) {
      running.interrupt();
    }
  }

  /** From here on the step cannot write anything. */
  synchronized void close() {
    closed = true;
    output.end();
  }

  private void runCancelAction(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("A cancel action of step {} failed", progress.node.id(), e);
    }
  }

  private synchronized ExecutionLog.Durable append(Event event) {
    if (closed) {
      throw new CancellationException("the step has been stopped");
    }
    return journal.append(List.of(event));
  }

  @Override
  public JsonNode once(Effect effect, Callable<JsonNode> action) throws Exception {
    NodeProgress.EffectProgress known = progress.effects.get(effect.key());
    if (known != null) {
      JsonNode result = known.result();
      if (result != null) {
        return result;
      }
      if (effect.onRecovery() instanceof OnRecovery.Answer(JsonNode instead)
          && progress.node.onRecovery() == null) {
        finished(effect, instead);
        return instead;
      }
    }
    checkNotStopped();
    awaitLastEffect();
    Event.OnRecoveryName rule = rule(effect);
    boolean begun = rule != Event.OnRecoveryName.REPEAT;
    if (begun) {
      append(new Event.EffectBegun(progress.node.id(), effect.key(), effect.what(), rule)).await();
      progress.effects.put(
          effect.key(), new NodeProgress.EffectProgress(effect.what(), rule, null));
    }
    JsonNode result;
    try {
      result = action.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (begun && stopReason == null) {
        progress.effects.remove(effect.key());
        append(
            new Event.EffectFailed(
                progress.node.id(), effect.key(), String.valueOf(e.getMessage())));
      }
      throw e;
    }
    // What comes out of an effect that was cut short is no result.
    checkNotStopped();
    finished(effect, result);
    return result;
  }

  private void checkNotStopped() {
    if (stopReason != null) {
      throw new CancellationException("the step has been stopped: " + stopReason);
    }
  }

  private void finished(Effect effect, JsonNode result) {
    ExecutionLog.Durable durable =
        append(new Event.EffectDone(progress.node.id(), effect.key(), result));
    synchronized (this) {
      lastEffect = durable;
    }
    progress.effects.put(
        effect.key(),
        new NodeProgress.EffectProgress(effect.what(), Event.OnRecoveryName.REPEAT, result));
  }

  /** No effect begins before the one before it is durable, so at most one can be in doubt. */
  private void awaitLastEffect() throws InterruptedException {
    ExecutionLog.Durable last;
    synchronized (this) {
      last = lastEffect;
    }
    if (last != null) {
      last.await();
    }
  }

  private Event.OnRecoveryName rule(Effect effect) {
    RecoveryRule override = progress.node.onRecovery();
    return override == null
        ? Event.OnRecoveryName.of(effect.onRecovery())
        : switch (override) {
          case REPEAT -> Event.OnRecoveryName.REPEAT;
          case ASK -> Event.OnRecoveryName.ASK;
          case FAIL -> Event.OnRecoveryName.FAIL;
        };
  }

  @Override
  public ExecutionId execution() {
    return execution.id();
  }

  @Override
  public String publicId() {
    return execution.publicId();
  }

  @Override
  public String definitionKind() {
    return execution.kind();
  }

  @Override
  public String definitionName() {
    return execution.name();
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public String stepId() {
    return progress.node.id();
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return "%s/%s/%d/%s".formatted(execution.id(), progress.node.id(), progress.visits, effectKey);
  }

  @Override
  public Optional<Answer> answer(String key) {
    return Optional.ofNullable(progress.answers.get(key));
  }

  @Override
  public Optional<ChildResult> child(String key) {
    return Optional.ofNullable(progress.children.get(key))
        .flatMap(child -> Optional.ofNullable(child.result()));
  }

  @Override
  public boolean slept(String key) {
    return progress.slept.containsKey(key);
  }

  @Override
  public void output(String chunk) {
    if (!closed) {
      output.add(chunk);
    }
  }

  @Override
  public void log(LogLevel level, String message) {
    append(new Event.StepLog(progress.node.id(), level, message));
  }

  @Override
  public void cacheHit() {
    append(new Event.StepCacheHit(progress.node.id()));
  }

  @Override
  public synchronized void use(Usage more) {
    usage = usage.plus(more);
  }

  @Override
  public AutoCloseable onCancel(Runnable action) {
    cancelActions.add(action);
    if (stopReason != null) {
      runCancelAction(action);
    }
    return () -> cancelActions.remove(action);
  }
}
