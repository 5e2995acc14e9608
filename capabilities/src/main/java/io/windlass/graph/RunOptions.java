package io.windlass.graph;

import io.windlass.definition.Flow;
import io.windlass.definition.Limits;
import io.windlass.definition.Retry;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.step.State;
import io.windlass.text.Excerpt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a start asks of one run besides its input: {@code recursion_limit}, {@code max_retries},
 * {@code timeout}. It travels with the input under a name of its own.
 */
final class RunOptions {
  static final String CONFIG = "_config";

  /** What the caller wants to find again at the execution; nothing to the graph. */
  private static final String METADATA = "_metadata";

  static final Set<String> RESERVED = Set.of(CONFIG, METADATA);
  private static final String LIMIT = "recursion_limit";
  private static final String RETRIES = "max_retries";
  private static final String TIMEOUT = "timeout";
  private static final String TRACING = "enable_tracing";
  private static final int MOST_RETRIES = 100;

  private RunOptions() {}

  /** The input alone. */
  static ObjectNode input(ObjectNode given) {
    ObjectNode input = given.deepCopy();
    input.remove(List.copyOf(RESERVED));
    return input;
  }

  static List<Fault> faults(ObjectNode given) {
    List<Fault> faults = new ArrayList<>();
    JsonNode config = given.path(CONFIG);
    if (given.has(CONFIG) && !config.isObject()) {
      faults.add(new Fault("config", "must be an object", null, "type: object"));
    }
    if (given.has(METADATA) && !given.path(METADATA).isObject()) {
      faults.add(new Fault("metadata", "must be an object", null, "type: object"));
    }
    whole(config, LIMIT, 1, GraphReading.MOST_VISITS, faults);
    whole(config, RETRIES, 0, MOST_RETRIES, faults);
    JsonNode timeout = given(config, TIMEOUT);
    if (timeout != null && !(timeout.isNumber() && timeout.doubleValue() > 0)) {
      faults.add(wrong(TIMEOUT, timeout, "must be seconds above 0", "exclusiveMinimum: 0"));
    }
    JsonNode tracing = given(config, TRACING);
    if (tracing != null && !tracing.isBoolean()) {
      faults.add(wrong(TRACING, tracing, "must be true or false", "type: boolean"));
    }
    return faults;
  }

  private static void whole(JsonNode config, String name, int least, int most, List<Fault> faults) {
    JsonNode value = given(config, name);
    if (value != null
        && !(value.isIntegralNumber() && value.longValue() >= least && value.longValue() <= most)) {
      faults.add(
          wrong(
              name,
              value,
              "must be a whole number from %d to %d".formatted(least, most),
              "minimum: %d, maximum: %d".formatted(least, most)));
    }
  }

  private static @Nullable JsonNode given(JsonNode config, String name) {
    JsonNode value = config.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private static Fault wrong(String name, JsonNode value, String reason, String constraint) {
    return new Fault(
        "config." + name,
        reason + ", not " + Excerpt.of(value.toString(), 100),
        value.isContainer() ? null : value,
        constraint);
  }

  /** What bounds a run: its own limit of visits, and the shorter of two times. */
  static Flow.Bounds bounds(GraphDocument graph, State state) {
    JsonNode config = state.find(CONFIG).orElseGet(Json::object);
    JsonNode limit = config.path(LIMIT);
    return new Flow.Bounds(
        limit.isIntegralNumber() ? limit.intValue() : graph.limit(),
        shorter(graph.timeout(), config.path(TIMEOUT)));
  }

  private static @Nullable Duration shorter(@Nullable Duration own, JsonNode asked) {
    if (!asked.isNumber()) {
      return own;
    }
    Duration given = Duration.ofMillis(NodeSpec.millis(asked.doubleValue()));
    return own == null || given.compareTo(own) < 0 ? given : own;
  }

  /** How often a run tries a node: as often as the run says, else as the node does. */
  static Limits limits(NodeSpec node, @Nullable Duration timeout, State state) {
    JsonNode retries = state.find(CONFIG).orElseGet(Json::object).path(RETRIES);
    Retry own = node.retry();
    return new Limits(
        retries.isIntegralNumber() ? node.retry(retries.intValue() + 1) : own, timeout);
  }
}
