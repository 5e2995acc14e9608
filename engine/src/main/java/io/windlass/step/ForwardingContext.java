package io.windlass.step;

import io.windlass.kernel.ExecutionId;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/** A step's context that passes everything on, for those who change a part of it. */
public abstract class ForwardingContext implements StepContext {
  private final StepContext context;

  protected ForwardingContext(StepContext context) {
    this.context = context;
  }

  @Override
  public ExecutionId execution() {
    return context.execution();
  }

  @Override
  public String publicId() {
    return context.publicId();
  }

  @Override
  public String definitionKind() {
    return context.definitionKind();
  }

  @Override
  public String definitionName() {
    return context.definitionName();
  }

  @Override
  public int depth() {
    return context.depth();
  }

  @Override
  public String stepId() {
    return context.stepId();
  }

  @Override
  public int attempt() {
    return context.attempt();
  }

  @Override
  public State state() {
    return context.state();
  }

  @Override
  public InstantSource clock() {
    return context.clock();
  }

  @Override
  public JsonNode perform(Effect effect, Callable<EffectResult> action) throws Exception {
    return context.perform(effect, action);
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return context.idempotencyKey(effectKey);
  }

  @Override
  public Optional<Answer> answer(String key) {
    return context.answer(key);
  }

  @Override
  public Optional<ChildResult> child(String key) {
    return context.child(key);
  }

  @Override
  public boolean slept(String key) {
    return context.slept(key);
  }

  @Override
  public boolean ranAgain(String key) {
    return context.ranAgain(key);
  }

  @Override
  public void output(String chunk) {
    context.output(chunk);
  }

  @Override
  public void retell(String text) {
    context.retell(text);
  }

  @Override
  public void log(LogLevel level, String message) {
    context.log(level, message);
  }

  @Override
  public void cacheHit() {
    context.cacheHit();
  }

  @Override
  public void use(Usage usage) {
    context.use(usage);
  }

  @Override
  public Usage consumed() {
    return context.consumed();
  }

  @Override
  public AutoCloseable onCancel(Runnable action) {
    return context.onCancel(action);
  }

  @Override
  public void atEnd(Runnable action) {
    context.atEnd(action);
  }
}
