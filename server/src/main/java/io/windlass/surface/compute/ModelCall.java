package io.windlass.surface.compute;

import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model's answer, as the journal keeps it.
 *
 * @param model its name without the provider
 * @param costUsd null when it is not known
 * @param millis how long it took; null when that was not kept
 */
record ModelCall(
    String model,
    long promptTokens,
    long completionTokens,
    @Nullable BigDecimal costUsd,
    @Nullable Long millis) {

  /** The call behind a finished effect; empty when it was something else. */
  static Optional<ModelCall> of(Event.EffectDone done) {
    JsonNode result = done.result();
    JsonNode answer = result.has("answer") ? result.path("answer") : result;
    JsonNode usage = answer.path("usage");
    if (!usage.path("model").isString() || !usage.path("inputTokens").isIntegralNumber()) {
      return Optional.empty();
    }
    String model = usage.path("model").stringValue();
    JsonNode cost = usage.path("costUsd");
    JsonNode millis = result.path("millis");
    return Optional.of(
        new ModelCall(
            model.substring(model.indexOf('/') + 1),
            usage.path("inputTokens").longValue(),
            usage.path("outputTokens").asLong(0),
            cost.isNumber() ? cost.decimalValue() : null,
            millis.isIntegralNumber() ? millis.longValue() : null));
  }

  long totalTokens() {
    return promptTokens + completionTokens;
  }

  /** The fields of {@code llm_call_completed}. */
  ObjectNode addTo(ObjectNode data) {
    data.put("model", model)
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", completionTokens)
        .put("total_tokens", totalTokens());
    data.set("cost_usd", costUsd == null ? Json.MAPPER.nullNode() : Json.tree(costUsd));
    data.put("latency_ms", millis);
    return data;
  }
}
