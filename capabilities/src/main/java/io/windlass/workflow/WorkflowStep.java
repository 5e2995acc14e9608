package io.windlass.workflow;

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
 * One step of a workflow's strategy.
 *
 * @param number its number, unique in the workflow
 * @param fields as the document has them
 * @param after the numbers of the steps that have to be done before it
 */
public record WorkflowStep(int number, ObjectNode fields, Set<Integer> after) {
  private static final int MOST_RETRIES = 100;

  public WorkflowStep {
    after = Set.copyOf(after);
  }

  public String name() {
    return text("name");
  }

  public String description() {
    return text("description");
  }

  /** The id of its node, and the variable that takes its result. */
  public String id() {
    return id(number);
  }

  /** The id of the node of a step. */
  public static String id(int number) {
    return "step_" + number;
  }

  /** The number of the step of a node; 0 when the node is none. */
  public static int number(String id) {
    return id.matches("step_\\d{1,9}") ? Integer.parseInt(id.substring(5)) : 0;
  }

  /** The steps that the document names as those before it. */
  public List<Integer> dependencies() {
    List<Integer> numbers = new ArrayList<>();
    fields.path("dependencies").values().stream()
        .filter(JsonNode::isNumber)
        .forEach(one -> numbers.add(one.asInt(0)));
    return numbers;
  }

  public boolean isParallel() {
    return fields.path("parallel_execution").asBoolean(false);
  }

  /** Seconds that its author expects it to take; null when the document does not say. */
  public @Nullable Double estimatedSeconds() {
    JsonNode seconds = fields.path("estimated_duration");
    return seconds.isNumber() ? seconds.doubleValue() : null;
  }

  public int maxRetries() {
    return retries(fields.path("retry_policy").path("max_retries"), 0);
  }

  /** A number of retries that a document or a request gives, within bounds. */
  static int retries(JsonNode given, int otherwise) {
    return given.isNumber() ? (int) Math.clamp(given.asLong(0), 0, MOST_RETRIES) : otherwise;
  }

  /**
   * When it is tried again.
   *
   * @param retries how often at most
   */
  Retry retry(int retries) {
    JsonNode policy = fields.path("retry_policy");
    double delay = policy.path("retry_delay").asDouble(1);
    boolean exponential = policy.path("exponential_backoff").asBoolean(true);
    return new Retry(retries + 1, millis(delay), exponential ? 2 : 1);
  }

  /** Bounds one attempt; null for none. */
  public @Nullable Duration timeout() {
    double seconds = fields.path("timeout").asDouble(0);
    return seconds > 0 ? millis(seconds) : null;
  }

  static Duration millis(double seconds) {
    return Duration.ofMillis((long) Math.clamp(seconds * 1000, 0, 1e12));
  }

  public List<String> texts(String field) {
    return fields.path(field).values().stream().map(Json::show).toList();
  }

  @Nullable ObjectNode object(String field) {
    return fields.get(field) instanceof ObjectNode object && !object.isEmpty() ? object : null;
  }

  String text(String field) {
    return Json.show(fields.get(field));
  }

  boolean has(String field) {
    return !text(field).isBlank();
  }

  /** Its name as a field of the workflow's outputs. */
  String outputName() {
    String plain = name().strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "_");
    String name = plain.replaceAll("^_+|_+$", "");
    return name.isEmpty() ? id() : name;
  }
}
