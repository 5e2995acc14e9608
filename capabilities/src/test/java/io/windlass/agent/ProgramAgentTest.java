package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.ProgramStub;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.PreTools;
import io.windlass.tool.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** Agent steps whose models are command lines with tools of their own. */
@Timeout(400)
final class ProgramAgentTest {
  private final FakeStepContext context = FakeStepContext.with("project", "shop");
  @TempDir private Path home;

  @ParameterizedTest
  @CsvSource({
    "claude-code/claude-fake-1, '\"cwd\": \"{project}\",', shop",
    "claude-code/claude-fake-1, '', ''",
    "codex/gpt-fake, '\"cwd\": \"{project}\",', shop",
  })
  void workInTheStepsFolder(String model, String cwd, String folder) throws Exception {
    Path workspace = Files.createDirectories(home.resolve("workspace"));
    Path place = Files.createDirectories(workspace.resolve(folder)).toRealPath();
    try (OpenAiStub stub =
            model.startsWith("codex")
                ? ProgramStub.responses("Done")
                : ProgramStub.messages(ProgramStub.said("Done"));
        Models models = ProgramStub.models(stub, home)) {
      StepOutcome outcome =
          run(models, workspace, Set.of(), "%s \"model\": \"%s\"".formatted(cwd, model));

      assertThat(outcome).isEqualTo(StepOutcome.done("Done"));
      // The end of the text as well: a path that only begins so is another.
      assertThat(stub.requests().getLast().body().toString())
          .containsPattern(place.toString().replace(".", "\\.") + "(\\\\n|\\\\\"|<)");
      assertThat(context.logs()).isEmpty();
    }
  }

  @Test
  void getTheirOwnToolsInPlaceOfTheSteps_andTheLogTells() throws Exception {
    try (OpenAiStub stub = ProgramStub.messages(ProgramStub.said("Done"));
        Models models = ProgramStub.models(stub, home)) {
      run(
          models,
          home,
          Set.of(),
          "\"model\": \"claude-code/claude-fake-1\", \"tools\": [\"Read\", \"bash\", \"juggle\"]");

      assertThat(stub.requests().getLast().body().path("tools"))
          .extracting(tool -> tool.path("name").asString())
          .containsExactlyInAnyOrder("Read", "Bash");
      assertThat(context.logs())
          .singleElement()
          .asString()
          .startsWith("warn: Model claude-code/claude-fake-1 uses tools of its own")
          .contains("in place of bash, read_file;", "does not get juggle");
      assertThat(context.usages())
          .singleElement()
          .satisfies(usage -> {
            assertThat(usage.inputTokens()).isEqualTo(100);
            assertThat(usage.costUsd()).isNull();
          });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code/sonnet, '\"tools\": [\"bash\", \"read_file\"], \"approve_tools\": [\"Bash\"]', '', bash",
    "claude-code/sonnet, '\"tools\": [\"write_file\"]', *, write_file",
    "claude-code/sonnet, '\"tools\": [\"juggle\"]', juggle, juggle",
    "codex, '\"approve_tools\": [\"bash\"]', '', bash",
  })
  void areRefused_whereAPersonMustBeAsked(String model, String fields, String approve, String named)
      throws Exception {
    try (Models models = idle()) {
      StepOutcome outcome =
          run(
              models,
              home,
              approve.isEmpty() ? Set.of() : Set.of(approve),
              fields + ", \"fallback_models\": [\"gpt-a\", \"" + model + "\"]");

      assertThat(outcome)
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.error())
                    .contains("Step \"test-step\"", "model " + model, "calls of " + named)
                    .contains("Name a model", "approve_tools");
              });
      assertThat(context.effects()).isEmpty();
    }
  }

  @Test
  void areAsked_whereOnlyOtherToolsNeedAPerson() throws Exception {
    try (Models models = idle()) {
      String fields = "\"model\": \"claude-code\", \"tools\": [\"read_file\"]";

      assertThat(run(models, home, Set.of("bash"), fields))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> assertThat(failed.error()).contains("exit code 1"));
    }
  }

  @Test
  void failForGood_whenTheFolderIsNotThere() throws Exception {
    try (Models models = idle()) {
      assertThat(run(models, home, Set.of(), "\"model\": \"codex\", \"cwd\": \"gone\""))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isFalse();
                assertThat(failed.error()).contains(home.resolve("gone").toString(), "cwd");
              });
    }
  }

  /** Programs that are there, and end at once. */
  private static Models idle() {
    return new Models(
        ModelConfig.read(
            Map.of("WINDLASS_CLAUDE_COMMAND", "/bin/false", "WINDLASS_CODEX_COMMAND", "/bin/false"),
            Map.of()),
        InstantSource.system());
  }

  private StepOutcome run(Models models, Path workspace, Set<String> approve, String fields)
      throws Exception {
    List<FakeTool> tools =
        Stream.of("read_file", "write_file", "bash", "juggle")
            .map(name -> new FakeTool(name, false, call -> ToolResult.of("never")))
            .toList();
    return new AgentKind(
            models,
            new PreTools(List.of()),
            new Toolbox(List.of(new BuiltInTools(List.copyOf(tools)))),
            new AgentSettings(5, Duration.ofSeconds(20), approve),
            workspace)
        .bind((ObjectNode) Json.read("{\"id\": \"s\", \"prompt\": \"p\", " + fields + "}"))
        .run(context);
  }
}
