package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.Json;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command lines against a local server that speaks their vendors' formats. */
final class ProgramModelTest {
  private static final ModelRequest REQUEST = ModelRequest.of("s", "Say hello", null);
  @TempDir private Path home;

  @Test
  void claudeStreamsAndReportsWhatItCost() throws Exception {
    try (OpenAiStub stub = ProgramStub.messages(ProgramStub.said("Hel", "lo"));
        Models models = models(stub)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer =
          models.choose("claude-code/claude-fake-1").model().ask(REQUEST, pieces::add);

      assertThat(pieces).containsExactly("Hel", "lo");
      assertThat(answer.text()).isEqualTo("Hello");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.STOP);
      assertThat(answer.usage().model()).isEqualTo("claude-code/claude-fake-1");
      assertThat(answer.usage().inputTokens()).isEqualTo(100);
      assertThat(answer.usage().outputTokens()).isEqualTo(20);
      // What it tells of a model that it does not know is another one's price.
      assertThat(answer.usage().costUsd()).isNull();
      OpenAiStub.Request request = stub.requests().getLast();
      assertThat(request.path()).startsWith("/v1/messages");
      assertThat(request.model()).isEqualTo("claude-fake-1");
      assertThat(request.body().toString()).contains("Say hello");
      assertThat(request.body().path("tools")).isEmpty();
    }
  }

  @Test
  void claudesCostIsUnknown_whereItAsksAnotherServer() throws Exception {
    try (OpenAiStub stub = ProgramStub.messages(ProgramStub.said("Hello"));
        Models models = models(stub)) {
      ModelAnswer answer =
          models.choose("claude-code/claude-sonnet-4-5").model().ask(REQUEST, _ -> {});

      assertThat(answer.usage().outputTokens()).isEqualTo(20);
      assertThat(answer.usage().costUsd()).isNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', claude-sonnet-4-5, 0.0006",
    "https://api.anthropic.com, claude-sonnet-4-5, 0.0006",
    "https://api.anthropic.com.example.org, claude-sonnet-4-5,",
    "http://127.0.0.1:9, claude-sonnet-4-5,",
    "'', claude-fake-1,",
  })
  void claudesCostIsTaken_whereThePriceIsKnown(
      String server, String model, @Nullable BigDecimal cost) {
    var program = new ClaudeProgram(Prices.load(null), Map.of("ANTHROPIC_BASE_URL", server));
    var told = new ProgramAnswer("claude-code/" + model, model, _ -> {});
    program.take(
        Json.read(
            """
            {"type": "result", "result": "Hello", "stop_reason": "end_turn",
             "usage": {"input_tokens": 100, "output_tokens": 20},
             "modelUsage": {"%s": {"inputTokens": 100, "outputTokens": 20, "costUSD": 0.0006}}}\
            """
                .formatted(model)),
        told);

    assertThat(told.whole(0, "").usage().costUsd()).isEqualTo(cost);
  }

  @Test
  void claudeUsesItsOwnToolsInTheFolder_andNoOthers() throws Exception {
    Path folder = Files.createDirectory(home.resolve("work"));
    Path file = Files.writeString(folder.resolve("secret.txt"), "the word is quince");
    ModelRequest request =
        new ModelRequest(
                "s",
                null,
                List.of(Message.user("Read it")),
                null,
                false,
                List.of(new ToolSpec("read_file", "Reads", Json.object())))
            .withDirectory(folder);
    try (OpenAiStub stub =
            ProgramStub.messages(
                ProgramStub.called("Read", Json.write(Map.of("file_path", file.toString()))),
                ProgramStub.said("It is quince."));
        Models models = models(stub)) {
      ModelAnswer answer = models.choose("claude-code/claude-fake-1").model().ask(request, _ -> {});

      assertThat(answer.text()).isEqualTo("It is quince.");
      assertThat(answer.calls()).isEmpty();
      OpenAiStub.Request last = stub.requests().getLast();
      assertThat(last.body().path("messages").toString()).contains("the word is quince");
      assertThat(last.body().path("tools"))
          .extracting(tool -> tool.path("name").asString())
          .containsExactly("Read");
      assertThat(last.body().toString()).contains(folder.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "claude-code/claude-fake-1, 429, RATE_LIMITED, 429",
    "claude-code/claude-fake-1, 401, UNAUTHENTICATED, ANTHROPIC_API_KEY",
    "codex/gpt-fake, 429, RATE_LIMITED, 429",
    "codex/gpt-fake, 401, UNAUTHENTICATED, codex login",
    "codex/gpt-fake, 500, SERVER, high demand",
  })
  void tellsWhyTheyFailed(String model, int status, ModelFailure.Kind kind, String told)
      throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.body().isEmpty()
                    ? ProgramStub.NOTHING
                    : StubReply.refusal(status, "Refused"));
        Models models = models(stub)) {
      ModelFailure failure =
          catchThrowableOfType(
              ModelFailure.class, () -> models.choose(model).model().ask(REQUEST, _ -> {}));

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure).hasMessageContaining(model).hasMessageContaining(told);
    }
  }

  @ParameterizedTest
  @CsvSource({"claude, claude-code, ANTHROPIC_API_KEY", "codex, codex, OPENAI_API_KEY"})
  void getsItsOwnKeyAndNoOtherSecret(String program, String model, String own) throws Exception {
    Path told = home.resolve("variables");
    Path script = home.resolve(program);
    Files.writeString(script, "#!/bin/sh\nenv > " + told + "\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();
    Map<String, String> environment = new HashMap<>();
    for (String name :
        List.of("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "SMTP_PASS", "CC_API_TOKEN", "PLAIN")) {
      environment.put(name, "value-of-" + name);
    }
    environment.put("WINDLASS_" + program.toUpperCase(Locale.ROOT) + "_COMMAND", script.toString());
    try (Models models = new Models(ModelConfig.read(environment, Map.of()), OpenAiCase.CLOCK)) {
      assertThatThrownBy(() -> models.choose(model).model().ask(REQUEST, _ -> {}))
          .isInstanceOf(ModelFailure.class);
    }

    assertThat(Files.readAllLines(told).stream().filter(line -> line.contains("value-of-")))
        .containsExactlyInAnyOrder(own + "=value-of-" + own, "PLAIN=value-of-PLAIN");
  }

  @Test
  void codexAnswersAndReportsItsTokens() throws Exception {
    try (OpenAiStub stub = ProgramStub.responses("Hello");
        Models models = models(stub)) {
      List<String> pieces = new ArrayList<>();
      ModelAnswer answer = models.choose("codex/gpt-fake").model().ask(REQUEST, pieces::add);

      assertThat(pieces).containsExactly("Hello");
      assertThat(answer.text()).isEqualTo("Hello");
      assertThat(answer.usage().model()).isEqualTo("codex/gpt-fake");
      assertThat(answer.usage().inputTokens()).isEqualTo(100);
      assertThat(answer.usage().outputTokens()).isEqualTo(20);
      assertThat(answer.usage().costUsd()).isNull();
      OpenAiStub.Request request = stub.requests().getLast();
      assertThat(request.path()).isEqualTo("/v1/responses");
      assertThat(request.body().toString()).contains("Say hello").contains("read-only");
    }
  }

  @ParameterizedTest
  @CsvSource({"claude-code/claude-fake-1", "codex/gpt-fake"})
  void endTheirProcesses_whenInterrupted(String model) throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.body().isEmpty()
                    ? ProgramStub.NOTHING
                    : StubReply.text("one").ending(StubReply.Ending.HANG));
        Models models = models(stub)) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              models.choose(model).model().ask(REQUEST, _ -> {});
            } catch (Throwable e) {
              end.complete(e);
            }
          });
      CompletableFuture<Boolean> hanging = CompletableFuture.supplyAsync(() -> hangs(stub));
      assertThat(CompletableFuture.anyOf(hanging, end).get(70, TimeUnit.SECONDS))
          .as("what came first: the hanging answer, or why the call ended")
          .isEqualTo(true);

      caller.interrupt();

      assertThat(end.get(15, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(stub.awaitAbandoned(15)).isTrue();
    }
  }

  private static boolean hangs(OpenAiStub stub) {
    try {
      return stub.awaitHanging(60);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void tellsHowAProgramEndedThatSaidNothing() throws Exception {
    ModelConfig config =
        ModelConfig.read(Map.of("WINDLASS_CLAUDE_COMMAND", "/bin/false"), Map.of());
    try (Models models = new Models(config, OpenAiCase.CLOCK)) {
      ModelFailure failure =
          catchThrowableOfType(
              ModelFailure.class, () -> models.choose("claude-code").model().ask(REQUEST, _ -> {}));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.CONNECTION);
      assertThat(failure).hasMessageContaining("claude-code").hasMessageContaining("exit code 1");
    }
  }

  private Models models(OpenAiStub stub) throws Exception {
    return ProgramStub.models(stub, home);
  }
}
