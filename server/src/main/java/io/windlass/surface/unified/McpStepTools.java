package io.windlass.surface.unified;

import io.windlass.chain.Yaml;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tools that change single steps of a chain and save it as a new version. The document is written
 * anew, so comments in it are lost.
 */
final class McpStepTools {
  private static final String CHAIN = "chain";
  private final McpTools tools;

  McpStepTools(McpTools tools) {
    this.tools = tools;
  }

  List<McpTool> tools() {
    return List.of(
        McpTool.changes(
            "add_step",
            "Adds a step to a chain and saves it as a new version.",
            chain()
                .and(
                    "step",
                    "object",
                    "The step: id, type (agent without one), prompt, output_var, depends_on, …")
                .maybe(
                    "after",
                    "string",
                    "The id of the step that it is written after; the last without one")
                .maybe("output", "string", "The chain's new output, if that changes"),
            (_, arguments) -> add(arguments)),
        McpTool.changes(
            "update_step",
            "Changes fields of a step of a chain and saves it as a new version.",
            step().and("changes", "object", "The fields to set by name; null takes a field away"),
            (_, arguments) -> update(arguments)),
        McpTool.destroys(
            "remove_step",
            "Takes a step out of a chain, and out of what other steps depend on, and saves it as a new version.",
            step().maybe("output", "string", "The chain's new output, if the step made it"),
            (_, arguments) -> remove(arguments)),
        McpTool.changes(
            "add_pre_tool",
            "Adds a pre-tool, which gathers text for a variable before the step runs, to a step of a chain.",
            step()
                .and(
                    "pre_tool",
                    "object",
                    "type, inject_as (the variable that it sets) and the fields of the type")
                .maybe(
                    "position",
                    "integer",
                    "Before which of the step's pre-tools, from 0; the last without one"),
            (_, arguments) -> addPreTool(arguments)),
        McpTool.destroys(
            "remove_pre_tool",
            "Takes a pre-tool away from a step of a chain.",
            step()
                .maybe("inject_as", "string", "The variable that it sets")
                .maybe(
                    "index",
                    "integer",
                    "Which of the step's pre-tools, from 0, in place of inject_as"),
            (_, arguments) -> removePreTool(arguments)));
  }

  private static McpSchemas chain() {
    return McpSchemas.of(CHAIN, "string", "The chain's name");
  }

  private static McpSchemas step() {
    return chain().and("step_id", "string", "The step's id");
  }

  private Object add(Fields arguments) {
    String name = arguments.required(CHAIN);
    ObjectNode step = arguments.object("step");
    String after = arguments.text("after");
    String output = arguments.text("output");
    arguments.check();
    ObjectNode document = document(name);
    ArrayNode steps = steps(document);
    int at = after == null ? steps.size() : indexOf(name, steps, after) + 1;
    steps.insert(at, step == null ? Json.object() : step);
    return save(name, document, output);
  }

  private Object update(Fields arguments) {
    String name = arguments.required(CHAIN);
    String id = arguments.required("step_id");
    ObjectNode changes = arguments.object("changes");
    arguments.check();
    ObjectNode document = document(name);
    ObjectNode step = step(name, document, id);
    if (changes != null) {
      changes
          .properties()
          .forEach(change -> {
            if (change.getValue().isNull()) {
              step.remove(change.getKey());
            } else {
              step.set(change.getKey(), change.getValue());
            }
          });
    }
    return save(name, document, null);
  }

  private Object remove(Fields arguments) {
    String name = arguments.required(CHAIN);
    String id = arguments.required("step_id");
    String output = arguments.text("output");
    arguments.check();
    ObjectNode document = document(name);
    ArrayNode steps = steps(document);
    steps.remove(indexOf(name, steps, id));
    for (JsonNode other : steps) {
      if (other instanceof ObjectNode step && step.get("depends_on") instanceof ArrayNode needs) {
        ArrayNode left = Json.MAPPER.createArrayNode();
        needs.forEach(need -> {
          if (!Json.show(need).equals(id)) {
            left.add(need);
          }
        });
        if (left.isEmpty()) {
          step.remove("depends_on");
        } else {
          step.set("depends_on", left);
        }
      }
    }
    return save(name, document, output);
  }

  private Object addPreTool(Fields arguments) {
    String name = arguments.required(CHAIN);
    String id = arguments.required("step_id");
    ObjectNode preTool = arguments.object("pre_tool");
    Long position = arguments.wholeNumber("position");
    arguments.check();
    ObjectNode document = document(name);
    ArrayNode preTools = preTools(step(name, document, id));
    long at = position == null ? preTools.size() : Math.min(position, preTools.size());
    preTools.insert((int) at, preTool == null ? Json.object() : preTool);
    return save(name, document, null);
  }

  private Object removePreTool(Fields arguments) {
    String name = arguments.required(CHAIN);
    String id = arguments.required("step_id");
    String variable = arguments.text("inject_as");
    Long index = arguments.wholeNumber("index");
    if (variable == null && index == null) {
      arguments.fault(
          "inject_as", "is required: the variable that the pre-tool sets; or its index");
    }
    arguments.check();
    ObjectNode document = document(name);
    ArrayNode preTools = preTools(step(name, document, id));
    List<String> variables = new ArrayList<>();
    preTools.forEach(one -> variables.add(Json.show(one.get("inject_as"))));
    long at = index != null ? index : variables.indexOf(variable);
    if (at < 0 || at >= preTools.size()) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND,
          "The step \"%s\" of the chain \"%s\" has no such pre-tool: it has those for %s"
              .formatted(id, name, variables));
    }
    preTools.remove((int) at);
    if (preTools.isEmpty()) {
      step(name, document, id).remove("pre_tools");
    }
    return save(name, document, null);
  }

  private ObjectNode document(String name) {
    JsonNode document = Yaml.read(tools.definition(CHAIN, name).source());
    if (document instanceof ObjectNode object) {
      return object;
    }
    throw new WindlassException(
        ErrorCode.INVALID_DEFINITION,
        "The chain \"" + name + "\" is no document with steps: replace it with update_chain");
  }

  private static ArrayNode steps(ObjectNode document) {
    return document.get("steps") instanceof ArrayNode steps ? steps : document.putArray("steps");
  }

  private static ArrayNode preTools(ObjectNode step) {
    return step.get("pre_tools") instanceof ArrayNode list ? list : step.putArray("pre_tools");
  }

  private static ObjectNode step(String name, ObjectNode document, String id) {
    ArrayNode steps = steps(document);
    return (ObjectNode) steps.get(indexOf(name, steps, id));
  }

  private static int indexOf(String name, ArrayNode steps, String id) {
    List<String> ids = new ArrayList<>();
    for (JsonNode step : steps) {
      if (step.isObject() && Json.show(step.get("id")).equals(id)) {
        return ids.size();
      }
      ids.add(Json.show(step.get("id")));
    }
    throw new WindlassException(
        ErrorCode.NOT_FOUND,
        "The chain \"%s\" has no step \"%s\": it has %s".formatted(name, id, ids));
  }

  private Object save(String name, ObjectNode document, @Nullable String output) {
    if (output != null) {
      document.put("output", output);
    }
    return McpDefinitionTools.saved(tools.engine().definitions(), name, Yaml.write(document));
  }
}
