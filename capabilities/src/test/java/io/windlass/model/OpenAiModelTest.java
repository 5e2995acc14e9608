package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.step.Usage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiModelTest {
  private static final String KEY = "sk-test-0123456789abcdef";
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-03-29T14:00:00Z"));

  @Test
  void streamsPiecesInOrderAndReportsUsage() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("Hel", "lo, ", "wörld \"q\"\n€"));
        Models models = models(stub)) {
      List<String> pieces = new CopyOnWriteArrayList<>();
      ModelAnswer answer =
          models.choose("openai/gpt-4o").model().ask(ModelRequest.of("s", "Hi", null), pieces::add);

      assertThat(pieces).containsExactly("Hel", "lo, ", "wörld \"q\"\n€");
      assertThat(answer.text()).isEqualTo("Hello, wörld \"q\"\n€");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.STOP);
      assertThat(answer.usage()).isEqualTo(new Usage("openai/gpt-4o", 11, 7, null));
      OpenAiStub.Request request = stub.requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/chat/completions");
      assertThat(request.headers()).containsEntry("authorization", "Bearer " + KEY);
      assertThat(request.model()).isEqualTo("gpt-4o");
      assertThat(request.prompt()).isEqualTo("Hi");
      assertThat(request.body().path("stream").booleanValue()).isTrue();
      assertThat(request.body().path("stream_options").path("include_usage").booleanValue())
          .isTrue();
    }
  }

  @Test
  void pricesWhatTheProviderCounted_andNothingElse(@TempDir Path folder) throws Exception {
    Path prices =
        Files.writeString(
            folder.resolve("prices.yaml"),
            "providers: {openai: {models: {m: {input: 10, cached_input: 1, output: 100}}}}");
    StubReply cached =
        StubReply.body(
            200,
            "application/json",
            """
            {"id": "c", "object": "chat.completion", "created": 1790000000, "model": "m",
             "choices": [{"index": 0, "finish_reason": "stop",
                          "message": {"role": "assistant", "content": "Hi"}}],
             "usage": {"prompt_tokens": 1000, "completion_tokens": 10, "total_tokens": 1010,
                       "prompt_tokens_details": {"cached_tokens": 600}}}\
            """);
    try (OpenAiStub stub =
            OpenAiStub.replying(cached, StubReply.text("Hi"), StubReply.text("Hi").tokens(0, 0));
        Models models =
            new Models(
                ModelConfig.read(
                    Map.of(
                        "OPENAI_BASE_URL", stub.baseUrl().toString(),
                        "OPENAI_API_KEY", KEY,
                        "WINDLASS_MODEL_PRICES", prices.toString()),
                    Map.of()),
                CLOCK)) {
      LanguageModel model = models.choose("openai/m").model();
      ModelRequest request = ModelRequest.of("s", "Hi", null);

      // 400 tokens at 10, 600 at 1, 10 at 100 dollars a million.
      assertThat(model.ask(request, _ -> {}).usage().costUsd()).isEqualByComparingTo("0.0056");
      assertThat(model.ask(request, _ -> {}).usage().costUsd()).isEqualByComparingTo("0.00081");
      assertThat(model.ask(request, _ -> {}).usage().costUsd()).isNull();
    }
  }

  @Test
  void handsOverEachPieceAsItComes() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.text("one").ending(StubReply.Ending.HANG));
        Models models = models(stub)) {
      CompletableFuture<String> first = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              ask(models, ModelRequest.of("s", "Hi", null), first::complete);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });

      assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("one");
      assertThat(caller.isAlive()).isTrue();
      caller.interrupt();
    }
  }

  @Test
  void sendsSystemAndEarlierMessages() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("ok"));
        Models models = models(stub)) {
      ask(
          models,
          new ModelRequest(
              "s",
              "Be brief",
              List.of(Message.user("a"), Message.assistant("b"), Message.user("c")),
              null,
              false),
          _ -> {});

      List<String> roles = new ArrayList<>();
      stub.requests()
          .getFirst()
          .body()
          .path("messages")
          .forEach(message -> roles.add(message.path("role").stringValue()));
      assertThat(roles).containsExactly("system", "user", "assistant", "user");
    }
  }

  @Test
  void closesTheConnectionAtOnce_whenInterrupted() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.text("one").ending(StubReply.Ending.HANG));
        Models models = models(stub)) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              ask(models, ModelRequest.of("s", "Hi", null), _ -> {});
            } catch (Throwable e) {
              end.complete(e);
            }
          });
      assertThat(stub.awaitHanging(10)).isTrue();

      caller.interrupt();

      assertThat(end.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
      assertThat(stub.awaitAbandoned(3)).isTrue();
    }
  }

  @Test
  void endsBeforeTheHeadHasCome_whenInterrupted() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("late").slow(60_000, 0));
        Models models = models(stub)) {
      CompletableFuture<Throwable> end = new CompletableFuture<>();
      Thread caller =
          Thread.startVirtualThread(() -> {
            try {
              ask(models, ModelRequest.of("s", "Hi", null), _ -> {});
            } catch (Throwable e) {
              end.complete(e);
            }
          });
      while (stub.requests().isEmpty()) {
        Thread.onSpinWait();
      }

      caller.interrupt();

      assertThat(end.get(3, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    }
  }

  @Test
  void leavesNoConnectionOpen_whenInterruptedAsTheHeadArrives() throws Exception {
    for (int round = 0; round < 100; round++) {
      try (OpenAiStub stub = OpenAiStub.replying(StubReply.text().ending(StubReply.Ending.HANG));
          Models models = models(stub)) {
        Thread caller =
            Thread.startVirtualThread(() -> {
              try {
                ask(models, ModelRequest.of("s", "Hi", null), _ -> {});
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
        assertThat(stub.awaitHanging(10)).isTrue();
        LockSupport.parkNanos(round * 10_000L);

        caller.interrupt();

        assertThat(stub.awaitAbandoned(5)).as("round %d", round).isTrue();
      }
    }
  }

  @Test
  void givesUpAfterTheTimeoutAndClosesTheConnection() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.text("one").ending(StubReply.Ending.HANG));
        Models models = models(stub)) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", Duration.ofMillis(300)));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.TIMEOUT);
      assertThat(failure.retryable()).isTrue();
      assertThat(failure).hasMessageContaining("openai/gpt-4o").hasMessageContaining("300 ms");
      assertThat(stub.awaitAbandoned(3)).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED, false",
    "401, UNAUTHENTICATED, false",
    "403, UNAUTHENTICATED, false",
    "404, UNKNOWN_MODEL, false",
    "422, REJECTED, false",
    "429, RATE_LIMITED, true",
    "500, SERVER, true",
    "503, SERVER, true",
    "307, REJECTED, false"
  })
  void classifiesRefusals(int status, ModelFailure.Kind kind, boolean retryable) throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.refusal(status, "No: key " + KEY + " was refused")
                    .header("Retry-After", "7"));
        Models models = models(stub)) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", null));

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.retryable()).isEqualTo(retryable);
      assertThat(failure.status()).isEqualTo(status);
      assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
      assertThat(failure)
          .hasMessageContaining("openai/gpt-4o")
          .hasMessageContaining("HTTP " + status)
          .hasMessageContaining("was refused");
      assertThat(failure.getMessage()).doesNotContain(KEY);
    }
  }

  @Test
  void namesTheVariableOfARefusedKey() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.refusal(401, "bad key"));
        Models models = models(stub)) {
      assertThat(failure(models, ModelRequest.of("s", "Hi", null)))
          .hasMessageContaining("OPENAI_API_KEY");
    }
  }

  @Test
  void readsARetryAfterDate() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.refusal(429, "slow")
                    .header("Retry-After", "Sun, 29 Mar 2026 14:00:30 GMT"));
        Models models = models(stub)) {
      assertThat(failure(models, ModelRequest.of("s", "Hi", null)).retryAfter())
          .contains(Duration.ofSeconds(30));
    }
  }

  @Test
  void doesNotRetryAUsedUpQuota() throws Exception {
    String body = "{\"error\":{\"message\":\"Quota\",\"code\":\"insufficient_quota\"}}";
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(429, "application/json", body));
        Models models = models(stub)) {
      assertThat(failure(models, ModelRequest.of("s", "Hi", null)).retryable()).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DROP, CONNECTION",
    "CUT, CONNECTION",
    "GARBAGE, MALFORMED",
    "ERROR, SERVER",
  })
  void failsRetryably_whenTheStreamBreaks(StubReply.Ending ending, ModelFailure.Kind kind)
      throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("half ").ending(ending));
        Models models = models(stub)) {
      List<String> pieces = new CopyOnWriteArrayList<>();
      ModelFailure failure =
          catchThrowableOfType(
              ModelFailure.class, () -> ask(models, ModelRequest.of("s", "Hi", null), pieces::add));

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.retryable()).isTrue();
      assertThat(failure).hasMessageContaining("openai/gpt-4o at http://127.0.0.1:");
      if (ending != StubReply.Ending.DROP) {
        // A broken connection may be noticed before what came over it was read.
        assertThat(pieces).containsExactly("half ");
      }
    }
  }

  @Test
  void tellsAWebPageFromAnAnswer() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(200, "text/html", "<html>"));
        Models models = models(stub)) {
      assertThat(failure(models, ModelRequest.of("s", "Hi", null)))
          .hasMessageContaining("web page")
          .hasMessageContaining("base URL");
    }
  }

  @Test
  void takesAWholeAnswerFromAServerThatCannotStream() throws Exception {
    String body =
        "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Whole\"},\"finish_reason\":\"length\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5}}";
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(200, "application/json", body));
        Models models = models(stub)) {
      List<String> pieces = new CopyOnWriteArrayList<>();
      ModelAnswer answer = ask(models, ModelRequest.of("s", "Hi", null), pieces::add);

      assertThat(answer.text()).isEqualTo("Whole");
      assertThat(pieces).containsExactly("Whole");
      assertThat(answer.finish()).isEqualTo(ModelAnswer.Finish.LENGTH);
      assertThat(answer.usage().inputTokens()).isEqualTo(3);
    }
  }

  @Test
  void failsClearly_whenNothingListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (Models models = models("http://127.0.0.1:" + port + "/v1")) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", null));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.CONNECTION);
      assertThat(failure).hasMessageContaining("cannot connect");
    }
  }

  @Test
  void usesOneConnectionForCallsOneAfterTheOther() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("ok"));
        Models models = models(stub)) {
      for (int call = 0; call < 5; call++) {
        ask(models, ModelRequest.of("s", "Hi", null), _ -> {});
      }

      assertThat(stub.connections()).isLessThan(5);
    }
  }

  @Test
  void passesOnAFailureOfWhoTakesThePieces() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("a", "b"));
        Models models = models(stub)) {
      assertThatThrownBy(() ->
              ask(
                  models,
                  ModelRequest.of("s", "Hi", null),
                  _ -> {
                    throw new IllegalStateException("full");
                  }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("full");
    }
  }

  @Test
  void answersManySlowCallsAtOnce() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("a", "b").slow(0, 250));
        Models models = models(stub)) {
      List<Thread> callers = new ArrayList<>();
      List<String> answers = new CopyOnWriteArrayList<>();
      long begun = System.nanoTime();
      for (int call = 0; call < 200; call++) {
        callers.add(
            Thread.startVirtualThread(() -> {
              try {
                answers.add(ask(models, ModelRequest.of("s", "Hi", null), _ -> {}).text());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            }));
      }
      for (Thread caller : callers) {
        caller.join();
      }

      assertThat(answers).hasSize(200).containsOnly("ab");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(20));
    }
  }

  private static ModelAnswer ask(
      Models models, ModelRequest request, java.util.function.Consumer<String> pieces)
      throws InterruptedException {
    return models.choose("openai/gpt-4o").model().ask(request, pieces);
  }

  private static ModelFailure failure(Models models, ModelRequest request) {
    return catchThrowableOfType(ModelFailure.class, () -> ask(models, request, _ -> {}));
  }

  private static Models models(OpenAiStub stub) {
    return models(stub.baseUrl().toString());
  }

  private static Models models(String url) {
    return new Models(
        ModelConfig.read(Map.of("OPENAI_BASE_URL", url, "OPENAI_API_KEY", KEY), Map.of()), CLOCK);
  }
}
