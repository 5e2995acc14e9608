package io.windlass.surface.unified;

import io.windlass.chain.Yaml;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Tools that show what can be run, keep chains, and try them without running them. */
final class McpDefinitionTools {
  private static final String CHAIN = "chain";
  private static final String PIPELINE = "pipeline";
  private static final String DOCUMENT =
      "The whole document in YAML: name, inputs, steps (each with id, type, prompt, output_var), output";
  private final McpTools tools;
  private final Definitions definitions;

  McpDefinitionTools(McpTools tools) {
    this.tools = tools;
    this.definitions = tools.engine().definitions();
  }

  List<McpTool> tools() {
    McpSchemas chain = McpSchemas.of("name", "string", "The chain's name, as list_chains shows it");
    McpSchemas document =
        McpSchemas.of("name", "string", "Letters, digits, dots, hyphens and underscores")
            .maybe("yaml", "string", DOCUMENT)
            .maybe("document", "object", "The same document as an object, in place of yaml");
    return List.of(
        McpTool.reads(
            "list_chains",
            "Lists all chains with their descriptions and inputs. Begin here.",
            McpSchemas.none(),
            (_, arguments) -> list(arguments, CHAIN)),
        McpTool.reads(
            "get_chain",
            "Shows a chain: its document in YAML, its inputs and its version.",
            chain,
            (_, arguments) -> show(arguments, CHAIN)),
        McpTool.changes(
            "create_chain",
            "Saves a new chain. The document is checked first; an answer with errors tells each place.",
            document,
            (_, arguments) -> save(arguments, true)),
        McpTool.changes(
            "update_chain",
            "Saves a new version of a chain in place of its document. Runs under way keep theirs. For a single step use update_step.",
            document,
            (_, arguments) -> save(arguments, false)),
        McpTool.destroys(
            "delete_chain",
            "Takes a chain off the list. Runs under way go on; past runs stay.",
            chain,
            (_, arguments) -> delete(arguments)),
        McpTool.reads(
            "list_pipelines",
            "Lists all pipelines, which are made of chains, with their inputs.",
            McpSchemas.none(),
            (_, arguments) -> list(arguments, PIPELINE)),
        McpTool.reads(
            "get_pipeline",
            "Shows a pipeline: its document in YAML, its inputs and its version.",
            McpSchemas.of("name", "string", "The pipeline's name, as list_pipelines shows it"),
            (_, arguments) -> show(arguments, PIPELINE)),
        McpTool.reads(
            "list_definitions",
            "Lists what can be run, of one kind or of all, with descriptions and inputs: graphs and workflows as well as chains and pipelines. start_execution starts any of them.",
            McpSchemas.none().oneOf("kind", kinds(), "Only this kind; all without it"),
            (_, arguments) -> listAny(arguments)),
        McpTool.reads(
            "get_definition",
            "Shows a definition of any kind: its document, its inputs with their types and its version.",
            McpSchemas.of("name", "string", "Its name, as list_definitions shows it")
                .and("kind", "string", "The kind: " + String.join(", ", kinds())),
            (_, arguments) -> show(arguments, arguments.required("kind"))),
        McpTool.reads(
            "dry_run_chain",
            "Tells what a run would do, without models, tools or effects: the steps in their order, prompts, numbers of model calls, estimated cost, problems. Give name for a saved chain, or yaml for one that is not saved.",
            McpSchemas.none()
                .maybe("name", "string", "A saved chain")
                .maybe("yaml", "string", "A document that is not saved")
                .maybe("input", "object", "The inputs by name"),
            (_, arguments) -> plan(arguments)));
  }

  private Object list(Fields arguments, String kind) {
    arguments.check();
    return Map.of(kind + "s", definitions.list(kind).stream().map(DefinitionJson::of).toList());
  }

  private List<String> kinds() {
    return tools.kinds().keySet().stream().sorted().toList();
  }

  private Object listAny(Fields arguments) {
    String kind = arguments.text("kind");
    arguments.check();
    return Map.of(
        "definitions",
        (kind == null ? kinds() : List.of(kind))
            .stream()
                .flatMap(one -> definitions.list(one).stream())
                .map(DefinitionJson::of)
                .toList());
  }

  private Object show(Fields arguments, String kind) {
    String name = arguments.required("name");
    if (!kinds().contains(kind)) {
      arguments.fault("kind", "'" + kind + "' is not one of " + String.join(", ", kinds()));
    }
    arguments.check();
    return DefinitionJson.WithSource.of(tools.definition(kind, name));
  }

  private Object save(Fields arguments, boolean isNew) {
    String name = arguments.required("name");
    String source = source(arguments);
    arguments.check();
    boolean isThere = definitions.find(CHAIN, name).isPresent();
    if (isNew && isThere) {
      throw new WindlassException(
          ErrorCode.WRONG_STATE,
          "There is a chain \"%s\" already: take another name, or update_chain".formatted(name));
    }
    if (!isNew) {
      var _ = tools.definition(CHAIN, name);
    }
    return saved(definitions, name, source);
  }

  /** Saves a chain and tells what a check of it still finds. */
  static ObjectNode saved(Definitions definitions, String name, String source) {
    Definition saved = definitions.save(CHAIN, name, source);
    ObjectNode answer = Json.object().put("ok", true).put("name", name);
    answer.put("version", saved.version());
    answer.set(
        "check",
        Json.tree(DefinitionJson.Validation.of(definitions.kind(CHAIN).lint(name, source))));
    return answer;
  }

  private static String source(Fields arguments) {
    String yaml = arguments.text("yaml");
    ObjectNode document = arguments.object("document");
    if (yaml != null && !yaml.isBlank()) {
      return yaml;
    }
    if (document == null) {
      arguments.fault("yaml", "is required: the document in YAML; or send it as document");
      return "";
    }
    return Yaml.write(document);
  }

  private Object delete(Fields arguments) {
    String name = arguments.required("name");
    arguments.check();
    var _ = tools.definition(CHAIN, name);
    definitions.delete(CHAIN, name);
    return McpTool.done("The chain " + name + " is off the list");
  }

  private Object plan(Fields arguments) throws InterruptedException {
    String name = arguments.text("name");
    String yaml = arguments.text("yaml");
    ObjectNode input = arguments.object("input");
    if (name == null && yaml == null) {
      arguments.fault("name", "is required: a saved chain; or send a document as yaml");
    }
    arguments.check();
    String source = yaml != null ? yaml : tools.definition(CHAIN, shown(name)).source();
    KindRules rules = tools.kinds().get(CHAIN);
    Planner planner = rules == null ? null : rules.planner();
    if (planner == null) {
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, "This server cannot try chains");
    }
    return planner.plan(
        new Planner.Draft(CHAIN, shown(name), source, input == null ? Json.object() : input, null));
  }

  private static String shown(@Nullable String name) {
    return name == null ? "draft" : name;
  }
}
