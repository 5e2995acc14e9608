package io.windlass.graph;

import io.windlass.kernel.Json;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;

/**
 * A {@code router_node} that no model decides: its result is the value that its routes go by, or
 * nothing when the edges after it have conditions.
 */
final class FieldRouter implements Step {
  private final String router;

  FieldRouter(NodeSpec node) {
    String written = node.text("router").strip();
    this.router =
        written.startsWith("{") && written.endsWith("}")
            ? written.substring(1, written.length() - 1).strip()
            : written;
  }

  @Override
  public StepOutcome run(StepContext context) {
    return StepOutcome.done(
        router.isEmpty() ? Json.text("") : Json.text(Reach.shown(context.state(), router)));
  }
}
