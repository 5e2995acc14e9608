package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.text.Template;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The fields that every pre-tool call shares.
 *
 * @param type the pre-tool's name
 * @param variable the variable that takes the text
 * @param label for people; the type when the document has none
 * @param onError what a failure does
 * @param timeout bounds one attempt
 * @param retries how often to try again
 * @param cacheFor how long the text stays good; zero for not at all
 */
record PreToolPolicy(
    String type,
    String variable,
    String label,
    OnError onError,
    Duration timeout,
    int retries,
    Duration cacheFor) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final int MOST_RETRIES = 100;

  /** What becomes of the variable, or the step, when the tool fails. */
  enum OnError {
    INJECT,
    SKIP,
    FAIL
  }

  /**
   * Reads the shared fields of one call.
   *
   * @param where the call's place, {@code pre_tools[2]}
   * @param tool the pre-tool that it calls
   * @throws WindlassException INVALID_DEFINITION naming the field at fault
   */
  static PreToolPolicy of(String where, ObjectNode fields, State state, PreTool tool) {
    String type = type(where, fields, state);
    String variable = variable(where, fields, state);
    String label = text(fields, "label", state);
    long timeout = number(where, fields, "timeout_ms", 0, state);
    return new PreToolPolicy(
        type,
        variable,
        label.isEmpty() ? type : label,
        onError(where, text(fields, "on_error", state)),
        timeout == 0
            ? tool.timeLimit(fields, state).orElse(DEFAULT_TIMEOUT)
            : Duration.ofMillis(Math.min(timeout, LONGEST.toMillis())),
        (int) Math.min(number(where, fields, "retry", 0, state), MOST_RETRIES),
        Duration.ofMinutes(
            Math.min(
                number(where, fields, "cache_ttl_minutes", 0, state),
                LONGEST.multipliedBy(365).toMinutes())));
  }

  static String type(String where, ObjectNode fields, State state) {
    String type = text(fields, "type", state);
    if (type.isEmpty()) {
      throw invalid(where, "needs a \"type\", the name of a pre-tool such as \"bash\"");
    }
    return type;
  }

  static String variable(String where, ObjectNode fields, State state) {
    String variable = text(fields, "inject_as", state);
    if (variable.isEmpty()) {
      throw invalid(
          where,
          "(%s) needs \"inject_as\", the variable that takes its text"
              .formatted(type(where, fields, state)));
    }
    return variable;
  }

  /** Whether the call may run together with its neighbours. */
  static boolean parallel(ObjectNode fields) {
    return Json.show(fields.get("parallel")).equalsIgnoreCase("true");
  }

  private static OnError onError(String where, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "", "inject" -> OnError.INJECT;
      case "skip" -> OnError.SKIP;
      case "fail" -> OnError.FAIL;
      default ->
          throw invalid(where, "on_error must be inject, skip or fail, not \"" + value + "\"");
    };
  }

  private static long number(
      String where, ObjectNode fields, String name, long otherwise, State state) {
    String value = text(fields, name, state);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= 0) {
        return (long) number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw invalid(where, name + " must be a number of at least 0, not \"" + value + "\"");
  }

  private static String text(ObjectNode fields, String name, State state) {
    JsonNode value = fields.get(name);
    return Template.render(Json.show(value), state).trim();
  }

  private static WindlassException invalid(String where, String fault) {
    return new WindlassException(ErrorCode.INVALID_DEFINITION, where + " " + fault);
  }
}
