package io.windlass.chain;

import io.windlass.kernel.ExecutionId;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import io.windlass.tool.PreTools;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/**
 * A loop's context as one of its items sees it: variables and keys of its own, and its number
 * before each piece of output.
 *
 * @param context the loop's
 * @param index from 0
 */
record ItemContext(StepContext context, int index, State state) implements StepContext {
  /** The item's key; a pre-tool's still begins as all of theirs do. */
  String key(String key) {
    return key.startsWith(PreTools.EFFECTS)
        ? PreTools.EFFECTS + "item" + index + "." + key.substring(PreTools.EFFECTS.length())
        : "item" + index + "." + key;
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
  public InstantSource clock() {
    return context.clock();
  }

  @Override
  public JsonNode once(Effect effect, Callable<JsonNode> action) throws Exception {
    return context.once(
        new Effect(
            key(effect.key()),
            "%s, for item %d".formatted(effect.what(), index + 1),
            effect.onRecovery()),
        action);
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return context.idempotencyKey(key(effectKey));
  }

  @Override
  public Optional<Answer> answer(String key) {
    return context.answer(key(key));
  }

  @Override
  public Optional<ChildResult> child(String key) {
    return context.child(key(key));
  }

  @Override
  public boolean slept(String key) {
    return context.slept(key(key));
  }

  @Override
  public boolean ranAgain(String key) {
    return context.ranAgain(key(key));
  }

  @Override
  public void output(String chunk) {
    context.output("[" + (index + 1) + "] " + chunk);
  }

  @Override
  public void log(LogLevel level, String message) {
    context.log(level, "[" + (index + 1) + "] " + message);
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
  public AutoCloseable onCancel(Runnable action) {
    return context.onCancel(action);
  }
}
