package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import io.windlass.execution.Execution;
import io.windlass.http.Caller;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All tools that this server offers, and what they share. */
final class McpTools {
  private static final Set<String> LISTED = Set.of("chain", "pipeline");
  private final EnginePorts engine;
  private final Map<String, KindRules> kinds;

  McpTools(EnginePorts engine, Map<String, KindRules> kinds) {
    this.engine = engine;
    this.kinds = kinds;
  }

  List<McpTool> all() {
    List<McpTool> all = new ArrayList<>();
    all.addAll(new McpDefinitionTools(this).tools());
    all.addAll(new McpStepTools(this).tools());
    all.addAll(new McpRunTools(this).tools());
    all.addAll(new McpFigureTools(this).tools());
    all.addAll(new McpApprovalTools(this).tools());
    all.addAll(new McpScheduleTools(this).tools());
    return all;
  }

  EnginePorts engine() {
    return engine;
  }

  Map<String, KindRules> kinds() {
    return kinds;
  }

  Definition definition(String kind, String name) {
    return engine
        .definitions()
        .find(kind, name)
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.DEFINITION_NOT_FOUND,
                "There is no %s \"%s\": %s those that there are%s"
                    .formatted(kind, name, lister(kind), engine.definitions().hint(kind, name))));
  }

  /** What lists the definitions of a kind: not every kind has a tool of its own. */
  private static String lister(String kind) {
    return LISTED.contains(kind) ? "list_" + kind + "s shows" : "list_definitions shows";
  }

  /** By any id, if the caller may see it. */
  Execution execution(Caller caller, String id) {
    return engine
        .executions()
        .find(id)
        .filter(found -> sees(caller, found.owner()))
        .orElseThrow(() ->
            new WindlassException(
                ErrorCode.EXECUTION_NOT_FOUND,
                "No execution has the id \"" + id + "\": list_executions shows the newest"));
  }

  static boolean sees(Caller caller, String owner) {
    return caller.equals(Caller.LOCAL) || caller.user().equals(owner);
  }
}
