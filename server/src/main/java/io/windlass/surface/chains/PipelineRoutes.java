package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import io.windlass.chain.Yaml;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.engine.Children;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.Executions;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.http.Routes;
import io.windlass.journal.Event.ChildStarted;
import io.windlass.kernel.Json;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The executions of pipelines, told by the chains that they run. */
final class PipelineRoutes {
  private static final int NEWEST = 50;
  private final Executions executions;
  private final Definitions definitions;
  private final Lookup lookup;

  PipelineRoutes(Executions executions, Definitions definitions, Lookup lookup) {
    this.executions = executions;
    this.definitions = definitions;
    this.lookup = lookup;
  }

  void declare(Routes routes) {
    routes.get("/pipeline-executions", this::list).get("/pipeline-executions/{id}", this::status);
  }

  private void list(Context context) {
    int count = Fields.query(context, "limit", NEWEST, 1, 200);
    int offset = Fields.query(context, "offset", 0, 0, Integer.MAX_VALUE);
    ExecutionFilter filter = ExecutionFilter.ofKinds(Set.of(ChainsSurface.PIPELINE));
    context.json(executions.recent(filter, count, offset).stream().map(this::json).toList());
  }

  private void status(Context context) {
    Execution execution =
        lookup
            .find(context.pathParam("id"))
            .filter(found -> found.kind().equals(ChainsSurface.PIPELINE))
            .orElseThrow(() -> Lookup.missing("Not found"));
    context.json(json(executions.detail(execution.id())));
  }

  private PipelineExecutionJson json(ExecutionDetail detail) {
    Execution execution = detail.execution();
    Map<String, String> names = chainNames(execution);
    Map<String, String> children = new HashMap<>();
    for (ChildStarted child : Children.of(executions, execution.id())) {
      children.put(child.step(), child.publicId());
    }
    Map<String, ChainRefJson> chains = new LinkedHashMap<>();
    for (StepView step : detail.steps()) {
      chains.put(
          step.id(),
          new ChainRefJson(
              step.id(),
              names.getOrDefault(step.id(), step.label()),
              Words.status(step.status(), execution.status()),
              children.get(step.id()),
              result(step),
              step.error(),
              step.durationMs()));
    }
    return new PipelineExecutionJson(
        execution.publicId(),
        execution.name(),
        Words.status(execution.status()),
        execution.input(),
        chains,
        execution.result() == null ? null : Json.show(execution.result()),
        Words.error(execution),
        Words.instant(execution.createdAt()),
        Words.instant(execution.finishedAt()),
        execution.durationMs());
  }

  /** The contract has an empty result, not none, for a reference that was skipped. */
  private static @Nullable String result(StepView step) {
    if (step.output() != null) {
      return Json.show(step.output());
    }
    return step.status() == StepStatus.SKIPPED || step.status() == StepStatus.CANCELLED ? "" : null;
  }

  /** The chain of each reference, as the version that runs has it. */
  private Map<String, String> chainNames(Execution execution) {
    Map<String, String> names = new HashMap<>();
    @Nullable String source =
        definitions.version(execution.versionId()).map(Definition::source).orElse(null);
    JsonNode document = source == null ? Json.object() : Yaml.read(source);
    for (JsonNode reference : document.path("chains")) {
      names.put(reference.path("id").asString(""), reference.path("chain").asString(""));
    }
    return names;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record PipelineExecutionJson(
      String id,
      String pipelineName,
      String status,
      ObjectNode input,
      Map<String, ChainRefJson> chains,
      @Nullable String result,
      @Nullable String error,
      @Nullable String startedAt,
      @Nullable String finishedAt,
      @Nullable Long durationMs) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ChainRefJson(
      String chainRefId,
      String chainName,
      String status,
      @Nullable String executionId,
      @Nullable String result,
      @Nullable String error,
      @Nullable Long durationMs) {}
}
