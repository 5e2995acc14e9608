package io.windlass.model;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/** A test of {@link OpenAiModel} against {@link OpenAiStub}. */
abstract class OpenAiCase {
  static final String KEY = "sk-test-0123456789abcdef";
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-03-29T14:00:00Z"));

  static ModelAnswer ask(
      Models models, ModelRequest request, java.util.function.Consumer<String> pieces)
      throws InterruptedException {
    return models.choose("openai/gpt-4o").model().ask(request, pieces);
  }

  static ModelFailure failure(Models models, ModelRequest request) {
    return catchThrowableOfType(ModelFailure.class, () -> ask(models, request, _ -> {}));
  }

  static Models models(OpenAiStub stub) {
    return models(stub.baseUrl().toString());
  }

  static Models models(String url) {
    return new Models(
        ModelConfig.read(
            Map.of("OPENAI_BASE_URL", url, "OPENAI_API_KEY", KEY, "WINDLASS_MODEL_RETRIES", "0"),
            Map.of()),
        CLOCK);
  }
}
