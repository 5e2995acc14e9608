package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One merge step that has a model bring its inputs together, or choose the best of them. */
final class MergeByModel implements Step {
  private static final Set<String> STRATEGIES = Set.of("llm_summarize", "pick_best");
  private final ObjectNode fields;
  private final Prompting prompting;

  MergeByModel(ObjectNode fields, Prompting prompting) {
    this.fields = fields;
    this.prompting = prompting;
  }

  static boolean handles(ObjectNode fields) {
    return STRATEGIES.contains(Json.show(fields.get("strategy")));
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    Map<String, String> values = values(context.state());
    if (fields.path("inputs").isEmpty()) {
      return failed("needs inputs: a list of the variables to merge");
    }
    if (values.isEmpty()) {
      return failed(
          "all its inputs are empty (%s); check the steps that set them"
              .formatted(fields.path("inputs")));
    }
    try {
      String text = prompting.askForOutput(context, "model", prompt(values));
      prompting.check(context, text);
      return StepOutcome.done(text);
    } catch (Asking.Unanswered e) {
      return Prompting.failed(e);
    }
  }

  private StepOutcome failed(String reason) {
    return new StepOutcome.Failed(
        "Step \"%s\": %s".formatted(Json.show(fields.get("id")), reason), false);
  }

  /** The inputs that are not empty, by name. */
  private Map<String, String> values(State state) {
    Map<String, String> values = new LinkedHashMap<>();
    for (JsonNode input : fields.path("inputs").values()) {
      String name = Json.show(input);
      String value = name.indexOf('{') >= 0 ? Template.render(name, state) : state.text(name);
      if (!value.isBlank()) {
        values.put(name, value);
      }
    }
    return values;
  }

  private String prompt(Map<String, String> values) {
    StringBuilder text =
        new StringBuilder(
            Json.show(fields.get("strategy")).equals("pick_best")
                ? "Choose the best of the following texts and answer with that text alone, word by word."
                : "Summarize the following texts into one that keeps what matters of each and says nothing twice.");
    values.forEach(
        (name, value) -> text.append("\n\n## ").append(name).append("\n\n").append(value));
    return text.toString();
  }
}
