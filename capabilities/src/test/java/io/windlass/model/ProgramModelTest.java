package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command lines against a local server that speaks their vendors' formats. */
final class ProgramModelTest {
  private static final StubReply NOTHING = StubReply.body(200, "text/plain", "");
  private static final ModelRequest REQUEST = ModelRequest.of("s", "Say hello", null);
  @TempDir private Path home;

  @Test
  void claudeStreamsAndReportsWhatItCost() throws Exception {
    try (OpenAiStub stub = messages(said("Hel", "lo"));
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
      assertThat(answer.usage().costUsd()).isPositive();
      OpenAiStub.Request request = stub.requests().getLast();
      assertThat(request.path()).startsWith("/v1/messages");
      assertThat(request.model()).isEqualTo("claude-fake-1");
      assertThat(request.body().toString()).contains("Say hello");
      assertThat(request.body().path("tools")).isEmpty();
    }
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
            messages(
                called("Read", Json.write(Map.of("file_path", file.toString()))),
                said("It is quince."));
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
                request.body().isEmpty() ? NOTHING : StubReply.refusal(status, "Refused"));
        Models models = models(stub)) {
      ModelFailure failure =
          catchThrowableOfType(
              ModelFailure.class, () -> models.choose(model).model().ask(REQUEST, _ -> {}));

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure).hasMessageContaining(model).hasMessageContaining(told);
    }
  }

  @Test
  void codexAnswersAndReportsItsTokens() throws Exception {
    try (OpenAiStub stub = responses("Hello");
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
                    ? NOTHING
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
      assertThat(stub.awaitHanging(60)).isTrue();

      caller.interrupt();

      assertThat(end.get(15, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(stub.awaitAbandoned(15)).isTrue();
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
    String root = stub.baseUrl().toString().replace("/v1", "");
    Path codex = Files.createDirectories(home.resolve("codex"));
    Files.writeString(
        codex.resolve("config.toml"),
        """
        model_provider = "local"
        check_for_update_on_startup = false
        [analytics]
        enabled = false
        [model_providers.local]
        name = "local"
        base_url = "%s/v1"
        wire_api = "responses"
        env_key = "LOCAL_KEY"
        request_max_retries = 0
        stream_max_retries = 0
        """
            .formatted(root));
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_CLAUDE_COMMAND", NodePrograms.program("claude").toString());
    environment.put("WINDLASS_CODEX_COMMAND", NodePrograms.program("codex").toString());
    environment.put("ANTHROPIC_BASE_URL", root);
    environment.put("ANTHROPIC_API_KEY", "test");
    environment.put("CLAUDE_CONFIG_DIR", home.resolve("claude").toString());
    environment.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
    environment.put("CLAUDE_CODE_MAX_RETRIES", "0");
    environment.put("DISABLE_AUTOUPDATER", "1");
    environment.put("CODEX_HOME", codex.toString());
    environment.put("LOCAL_KEY", "test");
    return new Models(ModelConfig.read(environment, Map.of()), OpenAiCase.CLOCK);
  }

  /** Answers questions to a model in turn, and everything else with nothing. */
  private static OpenAiStub messages(String... answers) {
    AtomicInteger next = new AtomicInteger();
    return OpenAiStub.answering(request ->
        request.body().isEmpty()
            ? NOTHING
            : StubReply.body(
                200,
                "text/event-stream",
                answers[Math.min(next.getAndIncrement(), answers.length - 1)]));
  }

  private static String said(String... pieces) {
    StringBuilder block =
        new StringBuilder(
            event(
                "{'type':'content_block_start','index':0,'content_block':{'type':'text','text':''}}"));
    for (String piece : pieces) {
      block.append(
          event(
              "{'type':'content_block_delta','index':0,'delta':{'type':'text_delta','text':'%s'}}"
                  .formatted(piece)));
    }
    return message(block.toString(), "end_turn");
  }

  private static String called(String tool, String arguments) {
    return message(
        event(
                "{'type':'content_block_start','index':0,'content_block':{'type':'tool_use','id':'toolu_1','name':'%s','input':{}}}"
                    .formatted(tool))
            + event(
                "{'type':'content_block_delta','index':0,'delta':{'type':'input_json_delta','partial_json':%s}}"
                    .formatted(Json.write(arguments))),
        "tool_use");
  }

  private static String message(String block, String reason) {
    return event(
            "{'type':'message_start','message':{'id':'msg_1','type':'message','role':'assistant','model':'claude-fake-1','content':[],'stop_reason':null,'usage':{'input_tokens':100,'output_tokens':1}}}")
        + block
        + event("{'type':'content_block_stop','index':0}")
        + event(
            "{'type':'message_delta','delta':{'stop_reason':'%s','stop_sequence':null},'usage':{'output_tokens':20}}"
                .formatted(reason))
        + event("{'type':'message_stop'}");
  }

  private static OpenAiStub responses(String text) {
    String item =
        "{'id':'m1','type':'message','role':'assistant','status':'completed','content':[{'type':'output_text','text':'%s','annotations':[]}]}"
            .formatted(text);
    return messages(
        event("{'type':'response.created','response':{'id':'r1'}}")
            + event(
                "{'type':'response.output_item.added','output_index':0,'item':{'id':'m1','type':'message','role':'assistant','status':'in_progress','content':[]}}")
            + event(
                "{'type':'response.output_text.delta','item_id':'m1','output_index':0,'content_index':0,'delta':'%s'}"
                    .formatted(text))
            + event("{'type':'response.output_item.done','output_index':0,'item':" + item + "}")
            + event(
                "{'type':'response.completed','response':{'id':'r1','usage':{'input_tokens':100,'input_tokens_details':{'cached_tokens':90},'output_tokens':20,'output_tokens_details':{'reasoning_tokens':0},'total_tokens':120}}}"));
  }

  /** An event named by its type. */
  private static String event(String data) {
    String json = data.replace('\'', '"');
    return "event: " + Json.read(json).path("type").asString() + "\ndata: " + json + "\n\n";
  }
}
