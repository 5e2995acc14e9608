package io.windlass.tool;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import java.time.Duration;
import tools.jackson.databind.node.ObjectNode;

/** Calls of pre-tools for tests. */
public final class Calls {
  private Calls() {}

  /** A call with these fields, as JSON, and the context's variables. */
  public static PreToolCall of(FakeStepContext context, String fields) {
    return new PreToolCall(
        (ObjectNode) Json.read(fields).deepCopy(),
        context.state(),
        context,
        Duration.ofSeconds(30));
  }
}
