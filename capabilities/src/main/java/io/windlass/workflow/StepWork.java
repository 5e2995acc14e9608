package io.windlass.workflow;

import io.windlass.definition.InputField;
import io.windlass.kernel.Json;
import io.windlass.step.Caveat;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.ForwardingContext;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Does one step: runs the graph that it names as an execution of its own, or asks an agent. */
final class StepWork implements Step {
  /** The variable with the task, which is the agent's prompt. */
  static final String TASK = "_task";

  private static final String GRAPH = "graph";
  private static final int MAX_DEPTH = 10;
  private static final Set<String> TASK_NAMES =
      Set.of(
          "task", "prompt", "query", "question", "goal", "objective", "request", "topic", "text");

  private final WorkflowStep step;
  private final StepTask task;
  private final @Nullable String graph;
  private final Step agent;
  private final Surroundings surroundings;
  private final Caveat caveat;
  private final @Nullable OutputForm form;

  /**
   * @param graph the graph to run where there is one of that name; null for none
   * @param agent what does the step otherwise; its prompt is the variable {@link #TASK}
   * @param caveat what is told besides of a result that does not fit
   */
  StepWork(
      StepTask task, @Nullable String graph, Step agent, Surroundings surroundings, Caveat caveat) {
    this.step = task.step();
    this.task = task;
    this.graph = graph;
    this.agent = agent;
    this.surroundings = surroundings;
    this.caveat = caveat;
    ObjectNode schema = step.object("output_schema");
    this.form = schema == null ? null : OutputForm.of(schema);
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    for (String server : step.texts("requires_mcp")) {
      if (!surroundings.hasTools(server)) {
        return new StepOutcome.Failed(
            "Step %d, %s, requires the MCP server \"%s\", which is not set up: add it to the MCP settings file, or take it out of requires_mcp"
                .formatted(step.number(), step.name(), server),
            false);
      }
    }
    Optional<List<InputField>> inputs =
        graph == null ? Optional.empty() : surroundings.graph(graph);
    if (graph != null && inputs.isPresent()) {
      return runGraph(graph, inputs.get(), context);
    }
    State seen = context.state().with(TASK, Json.text(task.text(context.state())));
    StepOutcome outcome =
        agent.run(
            new ForwardingContext(context) {
              @Override
              public State state() {
                return seen;
              }
            });
    return outcome instanceof StepOutcome.Done done ? checked(done, context) : outcome;
  }

  private StepOutcome runGraph(String name, List<InputField> inputs, StepContext context) {
    // Each attempt starts a child of its own; a replay of the attempt finds that one again.
    String key = "graph-" + context.attempt();
    Optional<ChildResult> child = context.child(key);
    if (child.isPresent()) {
      return ended(name, child.get(), context);
    }
    Duration atMost = RunConfig.limits(step, context.state()).timeout();
    if (atMost != null && context.slept(StepOutcome.RunChild.timeUp(key))) {
      return new StepOutcome.Failed("Timed out after " + atMost.toMillis() + " ms", true);
    }
    if (context.depth() >= MAX_DEPTH) {
      return new StepOutcome.Failed(
          "The graph \"%s\" would be nested deeper than %d executions; look for definitions that run each other"
              .formatted(name, MAX_DEPTH),
          false);
    }
    return new StepOutcome.RunChild(
        key, new ChildRequest(GRAPH, name, input(inputs, context.state())), atMost);
  }

  private StepOutcome ended(String name, ChildResult child, StepContext context) {
    if (child.succeeded()) {
      return checked((StepOutcome.Done) StepOutcome.done(child.result()), context);
    }
    return new StepOutcome.Failed(
        "Graph \"%s\" (%s) failed: %s"
            .formatted(
                name, child.publicId(), child.error() == null ? "no error told" : child.error()),
        true);
  }

  private StepOutcome checked(StepOutcome.Done done, StepContext context) {
    if (form == null) {
      return done;
    }
    JsonNode result = form.read(done.output());
    List<String> faults = form.faults(result);
    if (!faults.isEmpty()) {
      return new StepOutcome.Failed(
          caveat.behind(
              "The result of step %d, %s, does not fit its output_schema: %s"
                  .formatted(step.number(), step.name(), String.join("; ", faults)),
              context.consumed()),
          true,
          PreTools.EFFECTS);
    }
    return new StepOutcome.Done(result, done.set(), done.close());
  }

  /** What the graph asks for: of the step, of the workflow's inputs, or the task itself. */
  private ObjectNode input(List<InputField> wanted, State state) {
    ObjectNode own = step.object("graph_input");
    if (own != null) {
      return (ObjectNode) filled(own, state);
    }
    JsonNode inputs = state.find(RunConfig.INPUTS).orElseGet(Json::object);
    String text = task.text(state);
    ObjectNode input = Json.object();
    for (InputField field : wanted) {
      String name = field.name();
      if (TASK_NAMES.contains(name) && !inputs.has(name)) {
        input.put(name, text);
      } else if (name.equals("context")) {
        ObjectNode context = task.context(state);
        input.set(name, field.type().equals("string") ? Json.text(context.toString()) : context);
      } else if (inputs.has(name)) {
        input.set(name, inputs.get(name));
      } else if (field.required() && field.type().equals("string")) {
        input.put(name, text);
      }
    }
    return wanted.isEmpty() ? Json.object().put("task", text) : input;
  }

  private static JsonNode filled(JsonNode value, State state) {
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode copy = Json.object();
        object.properties().forEach(it -> copy.set(it.getKey(), filled(it.getValue(), state)));
        yield copy;
      }
      case JsonNode text when text.isString() -> Template.value(text.stringValue(), state);
      default -> value;
    };
  }

  /** What steps find where they run. */
  interface Surroundings {
    /** What a graph asks for; empty when there is no graph of that name. */
    Optional<List<InputField>> graph(String name);

    /** Whether there are tools of that name. */
    boolean hasTools(String name);
  }
}
