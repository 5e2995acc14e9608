package io.windlass.chain;

import io.windlass.definition.RecoveryRule;
import io.windlass.definition.Retry;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step of a chain as its document has it, aliases resolved.
 *
 * @param fields all of its fields
 */
record ChainStep(ObjectNode fields) {
  private static final long RETRY_DELAY_MS = 2_000;
  private static final Set<String> PREPARED = Set.of("agent", "loop", TransformKind.GATHER);

  static ChainStep of(JsonNode document) {
    ObjectNode fields = (ObjectNode) document.deepCopy();
    if (!fields.has("type")) {
      fields.put("type", "agent");
    }
    alias(fields, "subchain", "chain", "subchain");
    alias(fields, "webhook", "url", "webhook_url");
    return new ChainStep(fields);
  }

  private static void alias(ObjectNode fields, String type, String alias, String name) {
    if (type.equals(fields.path("type").asString("")) && fields.has(alias)) {
      JsonNode value = fields.remove(alias);
      if (!fields.has(name)) {
        fields.set(name, value);
      }
    }
  }

  String id() {
    return text("id");
  }

  String type() {
    return text("type");
  }

  String label() {
    String label = text("label");
    return label.isEmpty() ? id() : label;
  }

  String prompt() {
    return text("prompt");
  }

  String outputVar() {
    return text("output_var");
  }

  /** A field's text; empty when it is missing. */
  String text(String field) {
    return Json.show(fields.get(field));
  }

  boolean has(String field) {
    return !text(field).isBlank();
  }

  List<String> dependsOn() {
    return texts(fields.path("depends_on"));
  }

  /** The variables that a merge takes, whether they stand in a list or an object. */
  List<String> inputs() {
    return texts(fields.path("inputs"));
  }

  List<ObjectNode> preTools() {
    List<ObjectNode> calls = new ArrayList<>();
    fields.path("pre_tools").values().forEach(call -> calls.add((ObjectNode) call));
    return calls;
  }

  /** Whether its type is one that {@code pre_tools} run before; others ignore them. */
  boolean runsPreTools() {
    return PREPARED.contains(type());
  }

  /** All attempts with one model, then all with the next. */
  Retry retry() {
    JsonNode retry = fields.path("retry");
    int each = Math.clamp(retry.path("max").asLong(1), 1, 1_000);
    int models = Math.max(1, fallbackModels().size());
    if (each == 1 && models == 1) {
      return Retry.NEVER;
    }
    Duration delay = Duration.ofMillis(retry.path("delay_ms").asLong(RETRY_DELAY_MS));
    return new Retry(each * models, delay, retry.path("backoff").asDouble(2), each);
  }

  /** Whether a loop whose items fail goes on with the others. */
  boolean goesOn() {
    return !text("loop_on_error").equals("abort");
  }

  /** The models to try in turn, in the place of the step's own; none when it names its own. */
  List<String> fallbackModels() {
    return texts(fields.path("fallback_models"));
  }

  /**
   * This step with one of its models to try and no others, also for the agents of a debate whose
   * own model was tried before it.
   */
  ChainStep with(String model) {
    ObjectNode one = fields.deepCopy();
    one.remove("fallback_models");
    one.put("model", model);
    List<String> all = fallbackModels();
    List<String> tried = all.subList(0, Math.max(0, all.indexOf(model)));
    for (JsonNode agent : one.path("debate_agents")) {
      if (agent instanceof ObjectNode own && tried.contains(own.path("model").asString(""))) {
        own.put("model", model);
      }
    }
    return new ChainStep(one);
  }

  @Nullable Duration timeout() {
    long millis = fields.path("timeout_ms").asLong(0);
    return millis == 0 ? null : Duration.ofMillis(millis);
  }

  @Nullable RecoveryRule onRecovery() {
    return has("on_recovery")
        ? RecoveryRule.valueOf(text("on_recovery").toUpperCase(Locale.ROOT))
        : null;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.values().forEach(element -> texts.add(element.asString("")));
    return texts;
  }
}
