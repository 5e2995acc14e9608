package io.windlass.workflow;

import io.windlass.definition.Limits;
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
 * What a start asks of one run besides its inputs. It travels with the inputs under names of its
 * own.
 */
public final class RunConfig {
  /** The name of the configuration: {@code timeout_per_step}, {@code max_retries}, … */
  public static final String CONFIG = "_config";

  /** The name of what the caller wants to find again at the execution. */
  public static final String METADATA = "_metadata";

  /** The variable with all inputs, the defaults among them. */
  public static final String INPUTS = "inputs";

  static final Set<String> RESERVED = Set.of(CONFIG, METADATA, INPUTS, "input", "_task");

  private static final int SHOWN = 100;

  private RunConfig() {}

  /** The inputs alone. */
  public static ObjectNode inputs(ObjectNode input) {
    ObjectNode inputs = input.deepCopy();
    inputs.remove(List.of(CONFIG, METADATA));
    return inputs;
  }

  /** What is wrong with the configuration. */
  static List<Fault> faults(ObjectNode input) {
    List<Fault> faults = new ArrayList<>();
    JsonNode config = input.path(CONFIG);
    if (input.has(CONFIG) && !config.isObject()) {
      faults.add(new Fault("config", "Expected object", null, "type: object"));
    }
    if (input.has(METADATA) && !input.path(METADATA).isObject()) {
      faults.add(new Fault("metadata", "Expected object", null, "type: object"));
    }
    for (String name : List.of("timeout_per_step", "timeout")) {
      JsonNode value = config.path(name);
      if (isGiven(value) && !(value.isNumber() && value.doubleValue() > 0)) {
        faults.add(fault(name, "a number above 0", value, "type: number, exclusiveMinimum: 0"));
      }
    }
    JsonNode retries = config.path("max_retries");
    if (isGiven(retries) && !isCount(retries)) {
      faults.add(
          fault("max_retries", "a whole number from 0 on", retries, "type: integer, minimum: 0"));
    }
    for (String name : List.of("enable_tracing", "enable_checkpoints", "notify_on_completion")) {
      JsonNode value = config.path(name);
      if (isGiven(value) && !value.isBoolean()) {
        faults.add(fault(name, "true or false", value, "type: boolean"));
      }
    }
    return faults;
  }

  private static boolean isGiven(JsonNode value) {
    return !value.isMissingNode() && !value.isNull();
  }

  private static boolean isCount(JsonNode value) {
    return value.isNumber()
        && value.doubleValue() >= 0
        && value.doubleValue() == Math.rint(value.doubleValue());
  }

  private static Fault fault(String name, String expected, JsonNode value, String constraint) {
    return new Fault(
        "config." + name,
        "Expected %s, got %s".formatted(expected, Excerpt.of(value.toString(), SHOWN)),
        value.isContainer() ? null : value,
        constraint);
  }

  /** How often and how long a run tries a step: the shorter of two times, the run's own retries. */
  static Limits limits(WorkflowStep step, State state) {
    JsonNode config = state.find(CONFIG).orElseGet(Json::object);
    return new Limits(
        step.retry(WorkflowStep.retries(config.path("max_retries"), step.maxRetries())),
        timeout(step, config));
  }

  /** What bounds the whole of a run; null for nothing. */
  static @Nullable Duration timeout(State state) {
    double seconds = state.find(CONFIG).orElseGet(Json::object).path("timeout").asDouble(0);
    return seconds > 0 ? WorkflowStep.millis(seconds) : null;
  }

  /** How often at most a run tries a step again. */
  public static int maxRetries(WorkflowStep step, ObjectNode input) {
    return WorkflowStep.retries(input.path(CONFIG).path("max_retries"), step.maxRetries());
  }

  /** What bounds an attempt of a step in a run; null for nothing. */
  public static @Nullable Duration timeout(WorkflowStep step, ObjectNode input) {
    return timeout(step, input.path(CONFIG));
  }

  private static @Nullable Duration timeout(WorkflowStep step, JsonNode config) {
    double seconds = config.path("timeout_per_step").asDouble(0);
    Duration own = step.timeout();
    if (seconds <= 0) {
      return own;
    }
    Duration asked = WorkflowStep.millis(seconds);
    return own == null || asked.compareTo(own) < 0 ? asked : own;
  }
}
