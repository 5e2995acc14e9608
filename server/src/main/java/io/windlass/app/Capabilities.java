package io.windlass.app;

import io.windlass.agent.AgentKind;
import io.windlass.browser.BrowserKind;
import io.windlass.browser.Browsers;
import io.windlass.browser.Screenshot;
import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.PipelineKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.definition.DefinitionKind;
import io.windlass.document.PdfGenerate;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelRehearsal;
import io.windlass.model.Models;
import io.windlass.notify.Email;
import io.windlass.notify.Notify;
import io.windlass.shell.Bash;
import io.windlass.shell.Ocr;
import io.windlass.shell.SandboxExec;
import io.windlass.step.StepKind;
import io.windlass.syntax.AstParse;
import io.windlass.tool.CurrentDatetime;
import io.windlass.tool.EnvVar;
import io.windlass.tool.JsonParse;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import io.windlass.tool.TemplateRender;
import io.windlass.tool.ToolRehearsal;
import io.windlass.web.Hosts;
import io.windlass.web.HttpFetch;
import io.windlass.web.SearchTheWeb;
import io.windlass.web.WebClient;
import io.windlass.web.WebSearch;
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
  private final Workspace workspace;
  private final Browsers browsers;
  private final List<PreTool> tools;
  private final WebhookKind webhooks;
  private final ChainKind chains;
  private final PipelineKind pipelines = new PipelineKind();

  Capabilities(Config config, Map<String, String> environment, InstantSource clock) {
    this.models = new Models(config.models(), clock);
    this.web = new WebClient(Hosts.system(), config.allowPrivateFetch());
    this.workspace =
        new Workspace(config.folders().workspace(), Path.of(System.getProperty("java.io.tmpdir")));
    this.browsers = new Browsers(config.services().browser(), web::reachable);
    this.tools = preTools(config, environment);
    this.webhooks = new WebhookKind(web);
    this.chains = chains(steps(models, tools, webhooks));
  }

  /** The step kinds over some models and tools: the real ones, or those of a dry run. */
  private List<StepKind> steps(Models models, List<PreTool> tools, WebhookKind webhooks) {
    var preTools = new PreTools(tools);
    return List.of(
        new AgentKind(models, preTools),
        new PreparedKind(new TransformKind(), preTools),
        new GateKind(),
        new MergeKind(),
        new SubchainKind(),
        new BrowserKind(browsers, models, workspace),
        webhooks);
  }

  private ChainKind chains(List<StepKind> steps) {
    return new ChainKind(stepKinds(steps), required(tools), this::surroundings);
  }

  /** The formats as a dry run compiles them: nothing that its steps do reaches the world. */
  List<DefinitionKind> rehearsed(ModelRehearsal instead, ToolRehearsal pretending) {
    List<StepKind> steps =
        steps(
            instead.models(),
            tools.stream().map(pretending::of).toList(),
            webhooks.rehearsed(pretending));
    return List.of(
        chains(steps.stream().map(pretending::of).map(DryRunCalls::placed).toList()), pipelines);
  }

  private List<PreTool> preTools(Config config, Map<String, String> environment) {
    Path root = config.folders().workspace();
    Services services = config.services();
    return List.of(
        new CurrentDatetime(),
        new EnvVar(environment),
        new JsonParse(),
        new TemplateRender(),
        new HttpFetch(web),
        new Bash(root),
        new ReadFile(workspace),
        new WriteFile(workspace),
        new Email(services.notify(), web),
        new Notify(services.notify(), web),
        new SearchTheWeb(new WebSearch(services.search(), web)),
        new PdfGenerate(workspace),
        new Ocr(workspace, services.tesseract()),
        new SandboxExec(workspace, root, services.docker()),
        new AstParse(workspace),
        new Screenshot(browsers, workspace));
  }

  /** The model that a step without a name of one gets; unset while there is none for it. */
  private Map<String, String> surroundings() {
    try {
      return Map.of("windlass.model", models.choose(null).name());
    } catch (WindlassException e) {
      return Map.of();
    }
  }

  List<DefinitionKind> kinds() {
    return List.of(chains, pipelines);
  }

  Models models() {
    return models;
  }

  @Override
  public void close() throws Exception {
    browsers.close();
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
