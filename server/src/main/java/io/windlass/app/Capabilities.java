package io.windlass.app;

import io.windlass.agent.AgentKind;
import io.windlass.agent.AgentSettings;
import io.windlass.agent.AskingKind;
import io.windlass.agent.ContextBudget;
import io.windlass.agent.ContextStrategyKind;
import io.windlass.agent.SchemaKind;
import io.windlass.agent.ToolKind;
import io.windlass.agent.Toolbox;
import io.windlass.browser.BrowserKind;
import io.windlass.budget.Budgets;
import io.windlass.cache.CachedKind;
import io.windlass.cache.JdbcStepCache;
import io.windlass.cache.StepCache;
import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.InputFiles;
import io.windlass.chain.LoopKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.PipelineKind;
import io.windlass.chain.SavedChains;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.InputField;
import io.windlass.definition.Outline;
import io.windlass.engine.Engine;
import io.windlass.graph.GraphKind;
import io.windlass.image.ImageKind;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.mcp.McpServers;
import io.windlass.mcp.McpToolSource;
import io.windlass.model.ChosenModel;
import io.windlass.model.ModelObserver;
import io.windlass.model.ModelRehearsal;
import io.windlass.model.Models;
import io.windlass.process.Launcher;
import io.windlass.step.StepKind;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import io.windlass.tool.SecretVariables;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolRehearsal;
import io.windlass.tool.ToolSource;
import io.windlass.web.WebhookKind;
import io.windlass.workflow.WorkflowKind;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What agents can use and steps can be, built from the settings. */
final class Capabilities implements AutoCloseable {
  private static final Set<String> CACHED =
      Set.of("agent", "router", "evaluator", "browser", "debate");
  private static final String AGENT = "agent";
  private final Budgets budgets;
  private final Launcher launcher;
  private final Models models;
  private final Equipment equipment;
  private final AgentSettings agents;
  private final WebhookKind webhooks;
  private final StepCache cache;
  private final Function<ExecutionId, String> owners;
  private final int maxContextChars;
  private final SavedChains saved;
  private final ChainKind chains;
  private final PipelineKind pipelines;
  private final GraphKind graphs;
  private final WorkflowKind workflows;
  private final Function<String, Optional<List<InputField>>> knownGraphs;

  /**
   * What capabilities ask the running server for, only once steps run: they are built before it.
   *
   * @param url where people reach it
   */
  record Running(Supplier<Engine> engine, Supplier<String> url) {
    String ownerOf(ExecutionId execution) {
      return engine.get().executions().get(execution).owner();
    }
  }

  Capabilities(
      Config config,
      Map<String, String> environment,
      InstantSource clock,
      ModelObserver observer,
      Running running) {
    this.owners = running::ownerOf;
    this.knownGraphs =
        name ->
            running
                .engine()
                .get()
                .definitions()
                .find(GraphKind.NAME, name)
                .map(Definition::outline)
                .map(Outline::inputs);
    this.cache = new JdbcStepCache(() -> running.engine().get().database(), clock);
    this.maxContextChars = config.maxContextChars();
    this.budgets =
        new Budgets(
            this::kindNames,
            () -> running.engine().get().database(),
            new EngineRuns(running.engine()),
            clock,
            new TimeOrderedIds(clock, new SecureRandom()),
            config.budgetOutputTokens());
    this.launcher =
        new Launcher(
            () -> running.engine().get().identity(),
            SecretVariables.without(environment, config.services().passed()));
    this.models = new Models(config.models().startedBy(launcher), clock, observer, budgets.toll());
    this.equipment = new Equipment(config, environment, clock, models, launcher, running);
    this.saved = () -> Optional.of(running.engine().get().definitions().names(ChainKind.NAME));
    this.pipelines = new PipelineKind(this::sizeOf, saved);
    this.agents = config.agents();
    equipment.requireTools(agents.approve());
    this.webhooks = new WebhookKind(equipment.web());
    List<PreTool> tools = equipment.preTools();
    List<ToolSource> agentTools = equipment.agentTools();
    List<StepKind> plain = steps(models, tools, agentTools, webhooks);
    List<StepKind> steps = withLoops(cached(plain));
    this.chains =
        chains(
            withLoops(cached(ofChains(plain, tools))),
            models,
            () -> models.choose(null).name(),
            this::sizeOf);
    this.graphs = graphs(steps, models, tools, agentTools);
    this.workflows = workflows(steps, models);
  }

  /** The step kinds over some models and tools: the real ones, or those of a dry run. */
  private List<StepKind> steps(
      Models models, List<PreTool> tools, List<ToolSource> agentTools, WebhookKind webhooks) {
    var preTools = new PreTools(tools);
    return List.of(
        asking(
            new AgentKind(
                models, preTools, new Toolbox(agentTools), agents, equipment.workspace().root()),
            models,
            preTools),
        new TransformKind(),
        new PreparedKind(TransformKind.GATHER, new TransformKind(), preTools),
        new GateKind(),
        shortening(AskingKind.merge(new MergeKind(), models), models, preTools),
        shortening(AskingKind.router(models), models, preTools),
        shortening(AskingKind.evaluator(models), models, preTools),
        asking(AskingKind.debate(models), models, preTools),
        new SubchainKind(),
        new BrowserKind(equipment.browsers(), models, equipment.workspace()),
        new ImageKind(equipment.images()),
        webhooks);
  }

  /** Of chains: what an agent's pre-tools gather is known to the steps after it, too. */
  private static List<StepKind> ofChains(List<StepKind> steps, List<PreTool> tools) {
    var preTools = new PreTools(tools);
    return steps.stream()
        .map(kind -> kind.name().equals(AGENT) ? new PreparedKind(AGENT, kind, preTools) : kind)
        .toList();
  }

  /** All of them, and loops over them. */
  private static List<StepKind> withLoops(List<StepKind> steps) {
    List<StepKind> all = new ArrayList<>(steps);
    all.add(new LoopKind(steps));
    return all;
  }

  /** A kind that asks a model, with the fields that all such kinds have in common. */
  private static StepKind asking(StepKind kind, Models models, PreTools tools) {
    return new SchemaKind(shortening(kind, models, tools), models);
  }

  /** The same without a form that answers must have: these are a choice, a verdict or a text. */
  private static StepKind shortening(StepKind kind, Models models, PreTools tools) {
    return new ContextStrategyKind(kind, models, tools);
  }

  private List<StepKind> cached(List<StepKind> kinds) {
    return kinds.stream().map(this::cached).toList();
  }

  private StepKind cached(StepKind kind) {
    return CACHED.contains(kind.name()) ? new CachedKind(kind, cache, this::modelOf, owners) : kind;
  }

  /** The model that a name stands for at present; the name itself when it is not set up. */
  private String modelOf(String name) {
    try {
      ChosenModel chosen = models.choose(name);
      return chosen.provider() + "/" + chosen.name();
    } catch (WindlassException e) {
      return name;
    }
  }

  private ChainKind chains(
      List<StepKind> steps, Models models, Supplier<String> standard, InputFiles files) {
    return new ChainKind(
        stepKinds(steps),
        required(equipment.preTools()),
        () -> surroundings(standard),
        files,
        saved,
        new ContextBudget(models)::within,
        maxContextChars);
  }

  /** Graphs over the same steps, and calls of tools. */
  private GraphKind graphs(
      List<StepKind> steps, Models models, List<PreTool> tools, List<ToolSource> sources) {
    List<StepKind> all = new ArrayList<>(steps);
    all.add(new ToolKind(new PreTools(tools), new Toolbox(sources), agents));
    return new GraphKind(stepKinds(all), models::caveat);
  }

  /** Workflows whose steps are done by agents where no graph does them. */
  private WorkflowKind workflows(List<StepKind> steps, Models models) {
    StepKind agent =
        steps.stream().filter(kind -> kind.name().equals(AGENT)).findFirst().orElseThrow();
    return new WorkflowKind(
        agent, knownGraphs, new McpToolSource(equipment.mcp())::knows, models::caveat);
  }

  private OptionalLong sizeOf(String file) {
    return OptionalLong.of(equipment.workspace().size(file));
  }

  /** A file that is not there may be one that an earlier step has only pretended to write. */
  private OptionalLong sizeOfWritten(String file) {
    try {
      return sizeOf(file);
    } catch (WindlassException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return OptionalLong.empty();
      }
      throw e;
    }
  }

  /** The formats as a dry run compiles them: nothing that its steps do reaches the world. */
  List<DefinitionKind> rehearsed(ModelRehearsal instead, ToolRehearsal pretending) {
    List<PreTool> told = equipment.preTools().stream().map(pretending::of).toList();
    List<ToolSource> sources =
        equipment.agentTools().stream()
            .map(source -> source instanceof McpToolSource ? unstarted(source) : source)
            .map(pretending::of)
            .toList();
    List<StepKind> plain = steps(instead.models(), told, sources, webhooks.rehearsed(pretending));
    List<StepKind> steps = placed(plain, pretending);
    return List.of(
        chains(
            placed(ofChains(plain, told), pretending),
            instead.models(),
            instead::standard,
            this::sizeOfWritten),
        new PipelineKind(this::sizeOfWritten, saved),
        graphs(steps, instead.models(), told, sources),
        workflows(steps, instead.models()));
  }

  private static List<StepKind> placed(List<StepKind> kinds, ToolRehearsal pretending) {
    return withLoops(kinds.stream().map(pretending::of).toList()).stream()
        .map(DryRunCalls::placed)
        .toList();
  }

  /** To know its tools, a server of others would have to be started. */
  private static ToolSource unstarted(ToolSource source) {
    return new ToolSource() {
      @Override
      public List<Tool> named(String name) {
        return List.of();
      }

      @Override
      public boolean knows(String name) {
        return source.knows(name);
      }
    };
  }

  /** The model that a step without a name of one gets; unset while there is none for it. */
  private static Map<String, String> surroundings(Supplier<String> standard) {
    try {
      return Map.of("windlass.model", standard.get());
    } catch (WindlassException e) {
      return Map.of();
    }
  }

  /** The pre-tools that chains can use. */
  List<PreTool> preTools() {
    return equipment.preTools();
  }

  WorkflowKind workflows() {
    return workflows;
  }

  GraphKind graphs() {
    return graphs;
  }

  McpServers mcp() {
    return equipment.mcp();
  }

  List<DefinitionKind> kinds() {
    return List.of(chains, pipelines, graphs, workflows);
  }

  private Set<String> kindNames() {
    return kinds().stream().map(DefinitionKind::name).collect(Collectors.toSet());
  }

  /** Starts the programs of steps. */
  Launcher launcher() {
    return launcher;
  }

  Models models() {
    return models;
  }

  Budgets budgets() {
    return budgets;
  }

  @Override
  public void close() throws Exception {
    models.close();
    equipment.close();
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
