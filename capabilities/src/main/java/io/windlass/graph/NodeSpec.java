package io.windlass.graph;

import io.windlass.definition.RecoveryRule;
import io.windlass.definition.Retry;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A node as its document has it.
 *
 * @param index its place in the document
 */
record NodeSpec(int index, ObjectNode fields) {
  private static final int MOST_ATTEMPTS = 1_000;
  private static final long RETRY_DELAY_MS = 1_000;

  String name() {
    return text("name");
  }

  String type() {
    return text("type");
  }

  String label() {
    String label = text("label");
    return label.isEmpty() ? name() : label;
  }

  String path() {
    return "nodes." + index;
  }

  String text(String field) {
    return Json.show(fields.get(field));
  }

  boolean has(String field) {
    return !text(field).isBlank();
  }

  List<String> texts(String field) {
    return places(fields.path(field));
  }

  /** A text, or a list of them. */
  static List<String> places(JsonNode value) {
    List<String> texts = new ArrayList<>();
    if (value.isString()) {
      texts.add(value.stringValue());
    }
    value.values().forEach(element -> texts.add(Json.show(element)));
    return texts;
  }

  Retry retry() {
    JsonNode retry = fields.path("retry");
    return retry(retry.isNumber() ? retry.asLong(1) : retry.path("max").asLong(1));
  }

  /** So many attempts, with this node's delays. */
  Retry retry(long attempts) {
    JsonNode retry = fields.path("retry");
    if (attempts <= 1) {
      return Retry.NEVER;
    }
    return new Retry(
        (int) Math.min(attempts, MOST_ATTEMPTS),
        Duration.ofMillis(retry.path("delay_ms").asLong(RETRY_DELAY_MS)),
        retry.path("backoff").asDouble(2));
  }

  /** What one attempt may take; null for no bound of the node's own. */
  @Nullable Duration timeout() {
    double seconds = fields.path("timeout").asDouble(0);
    long millis = seconds > 0 ? millis(seconds) : fields.path("timeout_ms").asLong(0);
    return millis <= 0 ? null : Duration.ofMillis(millis);
  }

  static long millis(double seconds) {
    return Math.max(1, (long) Math.min(seconds * 1_000, Duration.ofDays(3_650).toMillis()));
  }

  @Nullable RecoveryRule onRecovery() {
    return has("on_recovery")
        ? RecoveryRule.valueOf(text("on_recovery").toUpperCase(Locale.ROOT))
        : null;
  }
}
