package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import tools.jackson.databind.node.ObjectNode;

/** An agent that answers with its own prompt. */
final class Echo implements StepKind {
  @Override
  public String name() {
    return "agent";
  }

  @Override
  public Step bind(ObjectNode fields) {
    String prompt = Json.show(fields.get("prompt"));
    return context -> StepOutcome.done(Template.render(prompt, context.state()));
  }
}
