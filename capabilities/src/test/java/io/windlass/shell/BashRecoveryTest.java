package io.windlass.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.chain.ChainKind;
import io.windlass.chain.TransformKind;
import io.windlass.engine.CrashableEngine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a {@code bash} pre-tool in whose middle the server went down. */
@Timeout(60)
final class BashRecoveryTest {
  private static final String CHAIN =
      """
      name: c
      steps:
        - id: a
          type: gather
          operation: template
          prompt: x
          template_str: "got {first} {text}"
          output_var: out
          %s
          pre_tools:
            - {type: bash, inject_as: first, command: "echo x >> before; echo 1"}
            - {type: bash, inject_as: text, command: "echo x >> runs; [ -e go ] || sleep 60; echo 2"}
      output: out
      """;

  @TempDir Path home;
  @TempDir Path workspace;

  @ParameterizedTest
  @CsvSource({
    "'', '', 2, SUCCEEDED, got 1 2",
    "on_recovery: repeat, '', 2, SUCCEEDED, got 1 2",
    "on_recovery: ask, run again, 2, SUCCEEDED, got 1 2",
    "on_recovery: ask, take as done, 1, SUCCEEDED, 'got 1 '",
    "on_recovery: ask, fail, 1, FAILED, ''",
    "on_recovery: fail, '', 1, FAILED, ''",
  })
  void isRepeated_unlessItsStepSaysOtherwise(
      String rule, String choice, int runs, ExecutionStatus status, String result)
      throws Exception {
    ExecutionId id;
    try (CrashableEngine first = open()) {
      first.begin();
      first.engine().definitions().save("chain", "c", CHAIN.formatted(rule));
      id = first.start("c", Json.object());
      await(() -> lines("runs") == 1);
      first.crash();
    }
    Files.createFile(workspace.resolve("go"));
    try (CrashableEngine second = open()) {
      second.begin();
      if (!choice.isEmpty()) {
        await(() -> second.engine().approvals().findOpen(id, "a").isPresent());
        Approval question = second.engine().approvals().findOpen(id, "a").orElseThrow();
        assertThat(question.prompt()).contains("pre-tool bash for {text}");
        second.engine().approvals().decide(question.id(), choice, "me", "test", null);
      }
      Execution ended = second.awaitEnd(id);
      assertThat(ended.status()).as("" + ended.error()).isEqualTo(status);
      if (status == ExecutionStatus.SUCCEEDED) {
        assertThat(Json.show(ended.result())).isEqualTo(result);
      } else {
        assertThat(ended.error()).contains("pre-tool bash for {text}");
      }
      assertThat(lines("runs")).isEqualTo(runs);
      assertThat(lines("before")).as("what had finished").isEqualTo(1);
    }
  }

  private long lines(String file) {
    try {
      Path path = workspace.resolve(file);
      return Files.exists(path) ? Files.readAllLines(path).size() : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier met) {
    while (!met.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private CrashableEngine open() {
    return new CrashableEngine(
        home,
        null,
        new ChainKind(
            Map.of(
                TransformKind.GATHER,
                new PreparedKind(
                    TransformKind.GATHER,
                    new TransformKind(),
                    new PreTools(List.of(new Bash(workspace, Launcher.unowned(System.getenv())))))),
            Map.of("bash", List.of())),
        0,
        false);
  }
}
