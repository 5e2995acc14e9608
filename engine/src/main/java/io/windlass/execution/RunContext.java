package io.windlass.execution;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/** What a step sees while one attempt of it runs, and what it may do to the journal. */
final class RunContext implements StepContext {
  private final Execution execution;
  private final int depth;
  private final NodeProgress progress;
  private final int attempt;
  private final State state;
  private final StepJournal journal;
  private final StopSign stop;
  private final InstantSource clock;
  private final Effects effects;
  private final Usage before;
  private Usage usage = Usage.NONE;

  /** What the executions consumed whose results this run of the step has taken. */
  private Usage ofChildren = Usage.NONE;

  private volatile boolean cached;

  RunContext(
      Execution execution,
      int depth,
      NodeProgress progress,
      State state,
      Usage before,
      StepJournal journal,
      StopSign stop,
      InstantSource clock) {
    this.execution = execution;
    this.depth = depth;
    this.progress = progress;
    this.attempt = progress.attempt;
    this.state = state;
    this.before = before;
    this.journal = journal;
    this.stop = stop;
    this.clock = clock;
    this.effects = new Effects(progress, journal, stop);
  }

  @Override
  public JsonNode perform(Effect effect, Callable<EffectResult> action) throws Exception {
    return effects.once(effect, action);
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
    NodeProgress.ChildProgress child = progress.children.get(key);
    ChildResult result = child == null ? null : child.result();
    Usage used = result == null ? null : result.usage();
    if (used != null) {
      synchronized (this) {
        ofChildren = ofChildren.plus(used);
      }
    }
    return Optional.ofNullable(result);
  }

  @Override
  public boolean slept(String key) {
    return progress.slept.containsKey(key);
  }

  @Override
  public boolean ranAgain(String key) {
    return Boolean.TRUE.equals(progress.reruns.get(key));
  }

  @Override
  public void output(String chunk) {
    journal.output(chunk);
  }

  @Override
  public void retell(String text) {
    journal.retell(text);
  }

  @Override
  public void log(LogLevel level, String message) {
    journal.append(new Event.StepLog(progress.node.id(), level, message));
  }

  @Override
  public void cacheHit() {
    cached = true;
    journal.append(new Event.StepCacheHit(progress.node.id()));
  }

  @Override
  public synchronized void use(Usage more) {
    usage = usage.plus(more);
  }

  @Override
  public synchronized Usage consumed() {
    Usage own = usage.plus(ofChildren);
    return own.isNone() ? before : own;
  }

  /** Whether the result was told to come from a cache. */
  boolean cached() {
    return cached;
  }

  synchronized Usage usage() {
    return usage;
  }

  @Override
  public AutoCloseable onCancel(Runnable action) {
    return stop.onRaise(action);
  }

  @Override
  public void atEnd(Runnable action) {
    stop.atEnd(action);
  }
}
