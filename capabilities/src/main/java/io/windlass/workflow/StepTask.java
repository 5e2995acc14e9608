package io.windlass.workflow;

import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Excerpt;
import io.windlass.text.JsonText;
import io.windlass.text.Template;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a step is told to do: its own prompt, or one made of what the workflow says of it. */
record StepTask(Workflow workflow, WorkflowStep step) {
  /** The most characters of one earlier result in a task. */
  private static final int LONGEST_RESULT = 50_000;

  /** For an agent or a graph. */
  String text(State state) {
    if (step.has("prompt")) {
      return Template.render(step.text("prompt"), state);
    }
    StringBuilder task = new StringBuilder();
    task.append(
        "Do step %d of %d of the workflow \"%s\": %s\n"
            .formatted(step.number(), workflow.steps().size(), workflow.name(), step.name()));
    paragraph(task, Template.render(step.description(), state));
    if (!workflow.description().isEmpty()) {
      paragraph(task, "The workflow as a whole: " + workflow.description());
    }
    JsonNode inputs = state.find(RunConfig.INPUTS).orElseGet(Json::object);
    if (!inputs.isEmpty()) {
      task.append("\nInputs:\n");
      inputs
          .properties()
          .forEach(input ->
              task.append("- %s: %s\n".formatted(input.getKey(), Json.show(input.getValue()))));
    }
    results(state)
        .forEach((earlier, result) ->
            task.append("\nResult of step %d, %s:\n".formatted(earlier.number(), earlier.name()))
                .append(Excerpt.of(JsonText.rawOrIndented(result), LONGEST_RESULT))
                .append('\n'));
    ObjectNode schema = step.object("output_schema");
    if (schema != null) {
      task.append("\nAnswer with JSON that fits this JSON Schema:\n")
          .append(JsonText.indented(schema))
          .append('\n');
    }
    return task.toString();
  }

  private static void paragraph(StringBuilder task, String text) {
    if (!text.isBlank()) {
      task.append('\n').append(text.strip()).append('\n');
    }
  }

  /** The results of the steps that it waits for, by step. */
  private Map<WorkflowStep, JsonNode> results(State state) {
    Map<WorkflowStep, JsonNode> results = new LinkedHashMap<>();
    for (Integer number : new TreeSet<>(step.after())) {
      workflow
          .step(number)
          .ifPresent(earlier ->
              state.find(earlier.id()).ifPresent(result -> results.put(earlier, result)));
    }
    return results;
  }

  /** What a graph may want to know besides. */
  ObjectNode context(State state) {
    ObjectNode context = Json.object();
    context.put("workflow", workflow.name());
    context.putObject("step").put("number", step.number()).put("name", step.name());
    context.set(RunConfig.INPUTS, state.find(RunConfig.INPUTS).orElseGet(Json::object));
    ObjectNode results = context.putObject("results");
    results(state).forEach((earlier, result) -> results.set(earlier.id(), result));
    return context;
  }
}
