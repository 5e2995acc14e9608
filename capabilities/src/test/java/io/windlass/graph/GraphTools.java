package io.windlass.graph;

import io.windlass.agent.AgentKind;
import io.windlass.agent.AgentSettings;
import io.windlass.agent.AskingKind;
import io.windlass.agent.SchemaKind;
import io.windlass.agent.ToolKind;
import io.windlass.agent.Toolbox;
import io.windlass.chain.ChainKind;
import io.windlass.chain.GateKind;
import io.windlass.chain.LoopKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.definition.DefinitionKind;
import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.step.StepKind;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * The graph and chain formats over a scripted model and the tools {@code look} (reads), {@code
 * change} (changes something), {@code break} (fails) and {@code hang}.
 */
final class GraphTools implements AutoCloseable {
  /** The script of those who have no model. */
  static final String OFFLINE = "";

  final List<String> calls = new CopyOnWriteArrayList<>();

  /** Counted down once {@code hang} has begun. */
  final CountDownLatch hanging = new CountDownLatch(1);

  /** Counted down once {@code hang} was interrupted. */
  final CountDownLatch interrupted = new CountDownLatch(1);

  final Models models;
  final GraphKind graphs;
  final ChainKind chains;

  GraphTools(Path folder, String script, String... approve) throws IOException {
    Path file = Files.writeString(folder.resolve("script.yaml"), script);
    models =
        new Models(
            ModelConfig.read(
                script.equals(OFFLINE)
                    ? Map.of()
                    : Map.of("WINDLASS_MODEL_SCRIPT", file.toString()),
                Map.of()),
            InstantSource.system());
    PreTools preTools = new PreTools(List.of(new Gather()));
    Toolbox toolbox =
        new Toolbox(
            List.of(
                new BuiltInTools(
                    List.of(
                        new Named("look", true),
                        new Named("change", false),
                        new Named("break", true),
                        new Named("hang", true)))));
    AgentSettings settings =
        new AgentSettings(
            AgentSettings.STANDARD.maxTurns(),
            AgentSettings.STANDARD.toolTimeout(),
            Set.of(approve));
    List<StepKind> kinds =
        new ArrayList<>(
            List.of(
                new SchemaKind(new AgentKind(models, preTools, toolbox, settings), models),
                new TransformKind(),
                new GateKind(),
                new SubchainKind(),
                AskingKind.merge(new MergeKind(), models),
                AskingKind.router(models),
                AskingKind.evaluator(models),
                AskingKind.debate(models)));
    kinds.add(new LoopKind(kinds));
    this.chains = new ChainKind(byName(kinds), Map.of("gather", List.of()));
    kinds.add(new ToolKind(preTools, toolbox, settings));
    this.graphs = new GraphKind(byName(kinds), models::caveat);
  }

  private static Map<String, StepKind> byName(List<StepKind> kinds) {
    return kinds.stream().collect(Collectors.toMap(StepKind::name, Function.identity()));
  }

  List<DefinitionKind> kinds() {
    return List.of(graphs, chains);
  }

  @Override
  public void close() {
    models.close();
  }

  private final class Named implements Tool {
    private final String name;
    private final boolean readOnly;

    Named(String name, boolean readOnly) {
      this.name = name;
      this.readOnly = readOnly;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String description() {
      return "A tool of tests";
    }

    @Override
    public ObjectNode schema() {
      return (ObjectNode)
          Json.read(
              """
              {"type": "object", "required": ["x"],
               "properties": {"x": {"type": ["string", "number", "array"]}}}\
              """);
    }

    @Override
    public boolean isReadOnly() {
      return readOnly;
    }

    @Override
    public ToolResult call(ToolCall call) throws InterruptedException {
      calls.add(name + " " + call.arguments().path("x"));
      if (name.equals("break")) {
        return ToolResult.failure("it is broken");
      }
      if (name.equals("hang")) {
        hanging.countDown();
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          interrupted.countDown();
          throw e;
        }
      }
      return ToolResult.of("{\"saw\": " + call.arguments().path("x") + "}");
    }
  }

  private final class Gather implements PreTool {
    @Override
    public String name() {
      return "gather";
    }

    @Override
    public List<String> required() {
      return List.of();
    }

    @Override
    public String run(PreToolCall call) {
      calls.add("gather");
      return "facts on " + call.text("topic");
    }
  }
}
