package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class OpenAiStopTest extends OpenAiCase {
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
}
