package io.windlass.app;

import io.windlass.agent.AgentKind;
import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.PipelineKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.definition.DefinitionKind;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Models;
import io.windlass.shell.Bash;
import io.windlass.step.StepKind;
import io.windlass.tool.CurrentDatetime;
import io.windlass.tool.EnvVar;
import io.windlass.tool.JsonParse;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import io.windlass.tool.TemplateRender;
import io.windlass.web.Hosts;
import io.windlass.web.HttpFetch;
import io.windlass.web.WebClient;
import io.windlass.web.WebhookKind;
import io.windlass.workspace.ReadFile;
import io.windlass.workspace.Workspace;
import io.windlass.workspace.WriteFile;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What agents can use and steps can be, built from the settings. */
final class Capabilities implements AutoCloseable {
  private final Models models;
  private final WebClient web;
  private final ChainKind chains;
  private final PipelineKind pipelines = new PipelineKind();

  Capabilities(Config config, Map<String, String> environment, InstantSource clock) {
    this.models = new Models(config.models(), clock);
    this.web = new WebClient(Hosts.system(), config.allowPrivateFetch());
    List<PreTool> tools = preTools(config, environment);
    var preTools = new PreTools(tools);
    List<StepKind> steps =
        List.of(
            new AgentKind(models, preTools),
            new PreparedKind(new TransformKind(), preTools),
            new GateKind(),
            new MergeKind(),
            new SubchainKind(),
            new WebhookKind(web));
    this.chains = new ChainKind(stepKinds(steps), required(tools), this::surroundings);
  }

  private List<PreTool> preTools(Config config, Map<String, String> environment) {
    Path root = config.folders().workspace();
    var workspace = new Workspace(root, Path.of(System.getProperty("java.io.tmpdir")));
    return List.of(
        new CurrentDatetime(),
        new EnvVar(environment),
        new JsonParse(),
        new TemplateRender(),
        new HttpFetch(web),
        new Bash(root),
        new ReadFile(workspace),
        new WriteFile(workspace));
  }

  /** The model that a step without a name of one gets; unset while there is none for it. */
  private Map<String, String> surroundings() {
    try {
      return Map.of("windlass.model", models.choose(null).name());
    } catch (WindlassException e) {
      return Map.of();
    }
  }

  ChainKind chains() {
    return chains;
  }

  List<DefinitionKind> kinds() {
    return List.of(chains, pipelines);
  }

  Models models() {
    return models;
  }

  @Override
  public void close() throws Exception {
    models.close();
    web.close();
  }

  private static Map<String, StepKind> stepKinds(List<StepKind> kinds) {
    Map<String, StepKind> byName = new LinkedHashMap<>();
    kinds.forEach(kind -> byName.put(kind.name(), kind));
    return byName;
  }

  private static Map<String, List<String>> required(List<PreTool> tools) {
    Map<String, List<String>> byName = new LinkedHashMap<>();
    tools.forEach(tool -> byName.put(tool.name(), tool.required()));
    return byName;
  }
}
