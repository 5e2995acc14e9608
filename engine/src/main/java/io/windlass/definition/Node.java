package io.windlass.definition;

import io.windlass.step.State;
import io.windlass.step.Step;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One place in a flow where a step is run.
 *
 * @param id unique in the flow
 * @param label for people
 * @param kind the step's kind, for people and figures
 * @param step what is run
 * @param triggers each alone makes the node ready; a node with none is ready at the start
 * @param output the variable that takes the step's output; null for none
 * @param guard asked just before the step would run
 * @param retry when to try again after a failure
 * @param timeout bounds one attempt; null for none
 * @param onRecovery overrides how the step's interrupted effects are settled; null leaves it to
 *     them
 * @param ownLimits what a run's variables make of {@code retry} and {@code timeout}, where a run
 *     may choose them; null where it may not
 */
public record Node(
    String id,
    String label,
    String kind,
    Step step,
    List<Trigger> triggers,
    @Nullable String output,
    Guard guard,
    Retry retry,
    @Nullable Duration timeout,
    @Nullable RecoveryRule onRecovery,
    @Nullable Function<State, Limits> ownLimits) {
  public Node {
    triggers = List.copyOf(triggers);
  }

  /** A place whose limits are the same in every run. */
  public Node(
      String id,
      String label,
      String kind,
      Step step,
      List<Trigger> triggers,
      @Nullable String output,
      Guard guard,
      Retry retry,
      @Nullable Duration timeout,
      @Nullable RecoveryRule onRecovery) {
    this(id, label, kind, step, triggers, output, guard, retry, timeout, onRecovery, null);
  }

  /** How often and how long a run with these variables tries it. */
  public Limits limits(State state) {
    return ownLimits == null ? new Limits(retry, timeout) : ownLimits.apply(state);
  }

  /** This place with another step in it. */
  public Node with(Step other) {
    return new Node(
        id, label, kind, other, triggers, output, guard, retry, timeout, onRecovery, ownLimits);
  }
}
