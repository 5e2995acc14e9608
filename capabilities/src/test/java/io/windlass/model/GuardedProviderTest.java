package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class GuardedProviderTest {
  private static final ModelRequest REQUEST = ModelRequest.of("s", "Hi", null);
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-29T14:00:00Z"));
  private final InstantSource clock = now::get;

  @Test
  void asksAgain_whenTheProviderWantsAMomentAndNothingWasHeard() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.refusal(429, "slow").header("Retry-After", "0"),
                StubReply.refusal(503, "busy").header("retry-after-ms", "10"),
                StubReply.text("here"));
        Models models = models(stub, "2")) {
      assertThat(ask(models, new ArrayList<>()).text()).isEqualTo("here");
      assertThat(stub.requests()).hasSize(3);
    }
  }

  @Test
  void givesUpAtOnce_whenTheProviderWantsAnHour() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.refusal(429, "slow").header("Retry-After", "3600"));
        Models models = models(stub, "2")) {
      ModelFailure failure = failure(models, new ArrayList<>());

      assertThat(failure.retryAfter()).contains(Duration.ofHours(1));
      assertThat(stub.requests()).hasSize(1);
    }
  }

  @Test
  void neverAsksAgainOnceAPartWasHeard() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.text("half ").ending(StubReply.Ending.CUT), StubReply.text("whole"));
        Models models = models(stub, "2")) {
      List<String> pieces = new ArrayList<>();

      assertThat(failure(models, pieces).kind()).isEqualTo(ModelFailure.Kind.CONNECTION);
      assertThat(pieces).containsExactly("half ");
      assertThat(stub.requests()).hasSize(1);
    }
  }

  @Test
  void sparesAModelThatIsDown_andTriesItAgainLater() throws Exception {
    AtomicReference<StubReply> reply = new AtomicReference<>(StubReply.refusal(500, "down"));
    try (OpenAiStub stub = OpenAiStub.answering(_ -> reply.get());
        Models models = models(stub, "0")) {
      for (int call = 0; call < Circuit.FAILURES; call++) {
        assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.SERVER);
      }
      ModelFailure spared = failure(models, new ArrayList<>());
      assertThat(spared.kind()).isEqualTo(ModelFailure.Kind.PAUSED);
      assertThat(spared.retryable()).isTrue();
      assertThat(spared).hasMessageContaining("openai/gpt-4o failed").hasMessageContaining("21 s");
      assertThat(stub.requests()).hasSize(Circuit.FAILURES);
      assertThat(models.health())
          .isEqualTo("openai ready, openai/gpt-4o down and left alone for a while");

      now.updateAndGet(instant -> instant.plus(Circuit.OPEN));
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.SERVER);
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.PAUSED);

      now.updateAndGet(instant -> instant.plus(Circuit.OPEN));
      reply.set(StubReply.text("up"));
      assertThat(ask(models, new ArrayList<>()).text()).isEqualTo("up");
      assertThat(ask(models, new ArrayList<>()).text()).isEqualTo("up");
      assertThat(models.health()).isEqualTo("openai ready");
    }
  }

  @Test
  void sparesAModelThatTakesNoMoreCalls_asLongAsItAsks() throws Exception {
    StubReply slow = StubReply.refusal(429, "slow down").header("Retry-After", "120");
    AtomicReference<StubReply> reply = new AtomicReference<>(slow);
    try (OpenAiStub stub = OpenAiStub.answering(_ -> reply.get());
        Models models = models(stub, "2")) {
      for (int call = 0; call < Circuit.FAILURES; call++) {
        assertThat(failure(models, new ArrayList<>()).kind())
            .isEqualTo(ModelFailure.Kind.RATE_LIMITED);
      }
      now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(119)));
      ModelFailure spared = failure(models, new ArrayList<>());
      assertThat(spared.kind()).isEqualTo(ModelFailure.Kind.PAUSED);
      assertThat(spared).hasMessageContaining("HTTP 429").hasMessageContaining("slow down");
      assertThat(stub.requests()).hasSize(Circuit.FAILURES);

      now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(1)));
      assertThat(failure(models, new ArrayList<>()).kind())
          .isEqualTo(ModelFailure.Kind.RATE_LIMITED);
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.PAUSED);

      now.updateAndGet(instant -> instant.plus(Duration.ofSeconds(120)));
      reply.set(StubReply.text("up"));
      assertThat(ask(models, new ArrayList<>()).text()).isEqualTo("up");
      assertThat(models.health()).isEqualTo("openai ready");
    }
  }

  @Test
  void staysClosed_whenTheProviderAnswersBetweenItsRefusals() throws Exception {
    StubReply slow = StubReply.refusal(429, "slow").header("Retry-After", "0");
    try (OpenAiStub stub = OpenAiStub.replying(slow, slow, StubReply.text("a"));
        Models models = models(stub, "2")) {
      for (int call = 0; call < 3; call++) {
        assertThat(ask(models, new ArrayList<>()).text()).isEqualTo("a");
      }
      assertThat(models.health()).isEqualTo("openai ready");
    }
  }

  @Test
  void asksTheOtherModelsOfAServer_whenOneIsDown() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.model().equals("gpt-4o")
                    ? StubReply.refusal(502, "down")
                    : StubReply.text("up"));
        Models models = models(stub, "0")) {
      for (int call = 0; call < Circuit.FAILURES; call++) {
        assertThat(ask(models, "openai/other").text()).isEqualTo("up");
        assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.SERVER);
      }
      // Answers of the others do not tell that this one is well.
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.PAUSED);
      assertThat(ask(models, "openai/other").text()).isEqualTo("up");
      assertThat(ask(models, "openai/third").text()).isEqualTo("up");
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.PAUSED);
    }
  }

  @Test
  void countsABrokenConnectionAgainstTheModel() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                request.model().equals("gpt-4o")
                    ? StubReply.text("half ").ending(StubReply.Ending.CUT)
                    : StubReply.text("up"));
        Models models = models(stub, "0")) {
      for (int call = 0; call < Circuit.FAILURES; call++) {
        assertThat(failure(models, new ArrayList<>()).kind())
            .isEqualTo(ModelFailure.Kind.CONNECTION);
      }
      assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.PAUSED);
      assertThat(ask(models, "openai/other").text()).isEqualTo("up");
    }
  }

  @Test
  void sparesAProviderThatCannotBeReached_whateverTheModel() throws Exception {
    OpenAiStub stub = OpenAiStub.replying(StubReply.text("never"));
    stub.close();
    try (Models models = models(stub, "0")) {
      for (int call = 0; call < Circuit.FAILURES; call++) {
        String model = "openai/model-" + call;
        assertThat(catchThrowableOfType(ModelFailure.class, () -> ask(models, model)).kind())
            .isEqualTo(ModelFailure.Kind.UNREACHABLE);
      }
      ModelFailure spared = failure(models, new ArrayList<>());

      assertThat(spared.kind()).isEqualTo(ModelFailure.Kind.PAUSED);
      assertThat(spared).hasMessageContaining("openai failed").hasMessageContaining("connect");
      assertThat(models.health()).isEqualTo("openai down and left alone for a while");
      now.updateAndGet(instant -> instant.plus(Circuit.OPEN));
      assertThat(models.health()).isEqualTo("openai was down and is to be tried again");
    }
  }

  @Test
  void staysClosed_whenTheProviderOnlyRefuses() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.refusal(400, "no"));
        Models models = models(stub, "0")) {
      for (int call = 0; call < 2 * Circuit.FAILURES; call++) {
        assertThat(failure(models, new ArrayList<>()).kind()).isEqualTo(ModelFailure.Kind.REJECTED);
      }
      assertThat(stub.requests()).hasSize(2 * Circuit.FAILURES);
    }
  }

  @Test
  void givesAProviderSoManyCallsAtATime() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(
                StubReply.text("one").ending(StubReply.Ending.HANG), StubReply.text("two"));
        Models models = models(stub, "0", "WINDLASS_MODEL_MAX_CONCURRENT", "1")) {
      Thread first =
          Thread.startVirtualThread(() -> {
            try {
              ask(models, new ArrayList<>());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      assertThat(stub.awaitHanging(10)).isTrue();
      CompletableFuture<String> second =
          CompletableFuture.supplyAsync(() -> {
            try {
              return ask(models, new ArrayList<>()).text();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(stub.requests()).hasSize(1);

      first.interrupt();

      assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("two");
    }
  }

  @Test
  void endsAnAnswerThatFallsSilent() throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.text("one").ending(StubReply.Ending.HANG));
        Models models = models(stub, "2", "WINDLASS_MODEL_IDLE_TIMEOUT_MS", "200")) {
      ModelFailure failure = failure(models, new ArrayList<>());

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.TIMEOUT);
      assertThat(failure).hasMessageContaining("silent for 200 ms");
      assertThat(stub.awaitAbandoned(3)).isTrue();
    }
  }

  private static ModelFailure failure(Models models, List<String> pieces) {
    return catchThrowableOfType(ModelFailure.class, () -> ask(models, pieces));
  }

  private static ModelAnswer ask(Models models, List<String> pieces) throws InterruptedException {
    return models.choose("openai/gpt-4o").model().ask(REQUEST, pieces::add);
  }

  private static ModelAnswer ask(Models models, String name) throws InterruptedException {
    return models.choose(name).model().ask(REQUEST, _ -> {});
  }

  private Models models(OpenAiStub stub, String retries, String... more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "OPENAI_BASE_URL",
                stub.baseUrl().toString(),
                "OPENAI_API_KEY",
                "k",
                "WINDLASS_MODEL_RETRIES",
                retries));
    if (more.length > 0) {
      environment.put(more[0], more[1]);
    }
    return new Models(ModelConfig.read(environment, Map.of()), clock);
  }
}
