package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenAiFailureTest extends OpenAiCase {
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
      if (kind == ModelFailure.Kind.RATE_LIMITED) {
        assertThat(failure)
            .as("fits a step with retries, too")
            .hasMessageContaining("more retries");
      }
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

  @ParameterizedTest
  @CsvSource({"1.5, PT1.5S", "99999999999999999999, P365D", "soon,"})
  void readsAnOddRetryAfter(String value, @Nullable Duration wait) throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.replying(StubReply.refusal(429, "slow").header("Retry-After", value));
        Models models = models(stub)) {
      assertThat(failure(models, ModelRequest.of("s", "Hi", null)).retryAfter())
          .isEqualTo(Optional.ofNullable(wait));
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
  void takesAStreamWithoutAnyChoiceForNoAnswer() throws Exception {
    String body = "data: {\"id\":\"1\",\"choices\":[]}\n\ndata: [DONE]\n\n";
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(200, "text/event-stream", body));
        Models models = models(stub)) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", null));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.MALFORMED);
      assertThat(failure).hasMessageContaining("no choices");
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
      assertThat(pieces).containsExactly("half ");
      assertThat(failure.getMessage()).doesNotContain("com.fasterxml", "Exception", "REDACTED");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          application/json | {"choices": []} | its answer has no choices; check its base URL
          application/json | {"choices": [ | it sent something that is not JSON: {"choices": [; check
          text/event-stream | data: {"choices": [ | it sent something that is not JSON: {"choices": [; ask
          text/event-stream | data: [7] | it sent something that is no answer in its format
          """)
  void quotesWhatIsNoAnswer(String type, String body, String told) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.body(200, type, body + "\n\n"));
        Models models = models(stub)) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", null));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.MALFORMED);
      assertThat(failure).hasMessageContaining(told);
      assertThat(failure.getMessage()).doesNotContain("com.fasterxml", "langchain", "REDACTED");
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
  void failsClearly_whenNothingListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (Models models = models("http://127.0.0.1:" + port + "/v1")) {
      ModelFailure failure = failure(models, ModelRequest.of("s", "Hi", null));

      assertThat(failure.kind()).isEqualTo(ModelFailure.Kind.UNREACHABLE);
      assertThat(failure).hasMessageContaining("cannot connect");
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
}
