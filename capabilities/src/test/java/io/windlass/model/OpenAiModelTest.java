package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.step.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class OpenAiModelTest extends OpenAiCase {
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
              null),
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
}
