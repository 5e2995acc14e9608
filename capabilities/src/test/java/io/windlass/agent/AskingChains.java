package io.windlass.agent;

import io.windlass.chain.ChainKind;
import io.windlass.chain.LoopKind;
import io.windlass.chain.MergeKind;
import io.windlass.chain.SubchainKind;
import io.windlass.chain.TransformKind;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.step.StepKind;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The chain format with every step that asks a model, over a stub, and a pre-tool that counts. */
final class AskingChains implements AutoCloseable {
  final AtomicInteger gathered = new AtomicInteger();
  final Models models;
  final ChainKind kind;

  AskingChains(OpenAiStub stub) {
    models =
        new Models(
            ModelConfig.read(
                Map.of("OPENAI_BASE_URL", stub.baseUrl().toString(), "OPENAI_API_KEY", "key"),
                Map.of()),
            InstantSource.system());
    PreTools tools = new PreTools(List.of(new Gather()));
    List<StepKind> kinds =
        new ArrayList<>(
            List.of(
                new AgentKind(models, tools, Toolbox.EMPTY, AgentSettings.STANDARD),
                new TransformKind(),
                new SubchainKind(),
                AskingKind.merge(new MergeKind(), models),
                AskingKind.router(models),
                AskingKind.evaluator(models),
                AskingKind.debate(models)));
    kinds.add(new LoopKind(kinds));
    kind =
        new ChainKind(
            kinds.stream().collect(Collectors.toMap(StepKind::name, Function.identity())),
            Map.of("gather", List.of()));
  }

  @Override
  public void close() {
    models.close();
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
      return "fact " + gathered.incrementAndGet();
    }
  }
}
