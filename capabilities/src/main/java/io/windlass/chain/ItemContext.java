package io.windlass.chain;

import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.ForwardingContext;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.tool.PreTools;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;

/**
 * A loop's context as one of its items sees it: variables and keys of its own, and its number
 * before each piece of output.
 */
final class ItemContext extends ForwardingContext {
  private final int index;
  private final State state;

  /**
   * @param loop the loop's
   * @param index from 0
   */
  ItemContext(StepContext loop, int index, State state) {
    super(loop);
    this.index = index;
    this.state = state;
  }

  /** The item's key; a pre-tool's still begins as all of theirs do. */
  String key(String key) {
    return key.startsWith(PreTools.EFFECTS)
        ? PreTools.EFFECTS + ItemKey.of(index, key.substring(PreTools.EFFECTS.length()))
        : ItemKey.of(index, key);
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public JsonNode perform(Effect effect, Callable<EffectResult> action) throws Exception {
    return super.perform(
        new Effect(
            key(effect.key()),
            "%s, for item %d".formatted(effect.what(), index + 1),
            effect.onRecovery()),
        action);
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return super.idempotencyKey(key(effectKey));
  }

  @Override
  public Optional<Answer> answer(String key) {
    return super.answer(key(key));
  }

  @Override
  public Optional<ChildResult> child(String key) {
    return super.child(key(key));
  }

  @Override
  public boolean slept(String key) {
    return super.slept(key(key));
  }

  @Override
  public boolean ranAgain(String key) {
    return super.ranAgain(key(key));
  }

  @Override
  public void output(String chunk) {
    super.output("[" + (index + 1) + "] " + chunk);
  }

  @Override
  public void retell(String text) {
    super.retell("[" + (index + 1) + "] " + text);
  }

  @Override
  public void log(LogLevel level, String message) {
    super.log(level, "[" + (index + 1) + "] " + message);
  }
}
