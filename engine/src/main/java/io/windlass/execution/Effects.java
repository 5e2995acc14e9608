package io.windlass.execution;

import io.windlass.definition.RecoveryRule;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.OnRecovery;
import io.windlass.step.Usage;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The effects of one attempt of a step: each is done once, and answered from the journal after. */
final class Effects {
  private final NodeProgress progress;
  private final StepJournal journal;
  private final StopSign stop;
  private ExecutionLog.@Nullable Durable last;

  Effects(NodeProgress progress, StepJournal journal, StopSign stop) {
    this.progress = progress;
    this.journal = journal;
    this.stop = stop;
  }

  JsonNode once(Effect effect, Callable<EffectResult> action) throws Exception {
    NodeProgress.EffectProgress known = progress.effects.get(effect.key());
    if (known != null) {
      JsonNode result = known.result();
      if (result != null) {
        return result;
      }
      if (effect.onRecovery() instanceof OnRecovery.Answer(JsonNode instead)
          && progress.node.onRecovery() == null) {
        finished(effect, new EffectResult(instead, Usage.NONE));
        return instead;
      }
    }
    stop.checkNotRaised();
    awaitLast();
    Event.OnRecoveryName rule = rule(effect);
    boolean begun = rule != Event.OnRecoveryName.REPEAT;
    if (begun) {
      begin(effect, rule);
    }
    EffectResult result;
    try {
      result = action.call();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      if (begun && stop.reason() == null) {
        failed(effect, e);
      }
      throw e;
    }
    // What comes out of an effect that was cut short is no result.
    stop.checkNotRaised();
    finished(effect, result);
    return result.value();
  }

  private void begin(Effect effect, Event.OnRecoveryName rule) throws InterruptedException {
    journal
        .append(new Event.EffectBegun(progress.node.id(), effect.key(), effect.what(), rule))
        .await();
    progress.effects.put(effect.key(), NodeProgress.EffectProgress.begun(effect.what(), rule));
  }

  private void failed(Effect effect, Exception e) {
    progress.effects.remove(effect.key());
    journal.append(
        new Event.EffectFailed(progress.node.id(), effect.key(), String.valueOf(e.getMessage())));
  }

  private void finished(Effect effect, EffectResult result) {
    Event.EffectDone done = Event.EffectDone.of(progress.node.id(), effect.key(), result);
    ExecutionLog.Durable durable = journal.append(done);
    synchronized (this) {
      last = durable;
    }
    progress.effectDone(done);
  }

  /** No effect begins before the one before it is durable, so at most one can be in doubt. */
  private void awaitLast() throws InterruptedException {
    ExecutionLog.Durable before;
    synchronized (this) {
      before = last;
    }
    if (before != null) {
      before.await();
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
}
