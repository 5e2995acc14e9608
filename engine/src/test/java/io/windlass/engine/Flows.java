package io.windlass.engine;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.definition.RecoveryRule;
import io.windlass.definition.Retry;
import io.windlass.definition.Trigger;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Builds flows in tests: {@code Flows.of("c").step("a", …).step("b", …, "a")}. */
public final class Flows {
  private final List<Node> nodes = new ArrayList<>();
  private final String result;

  private Flows(String result) {
    this.result = result;
  }

  /** A flow whose result is a step's output. */
  public static Flows of(String result) {
    return new Flows(result);
  }

  public Flows step(String id, Step step, String... after) {
    return node(id, step, Guard.NONE, Retry.NEVER, null, null, after);
  }

  public Flows guarded(String id, Guard guard, Step step, String... after) {
    return node(id, step, guard, Retry.NEVER, null, null, after);
  }

  public Flows retried(String id, Retry retry, @Nullable Duration timeout, Step step) {
    return node(id, step, Guard.NONE, retry, timeout, null);
  }

  public Flows node(
      String id,
      Step step,
      Guard guard,
      Retry retry,
      @Nullable Duration timeout,
      @Nullable RecoveryRule rule,
      String... after) {
    List<Trigger> triggers = after.length == 0 ? List.of() : List.of(Trigger.after(Set.of(after)));
    nodes.add(new Node(id, id, "code", step, triggers, id, guard, retry, timeout, rule));
    return this;
  }

  public Flows add(Node node) {
    nodes.add(node);
    return this;
  }

  public Flow build() {
    return new Flow(nodes, state -> state.find(result).orElse(Json.text("")), 1000, null);
  }

  /** Starts a child, and is done with its result. */
  static StepOutcome childOf(StepContext context, ChildRequest request) {
    return context
        .child("c")
        .<StepOutcome>map(child -> StepOutcome.done(child.result()))
        .orElseGet(() -> new StepOutcome.RunChild("c", request));
  }
}
