package io.windlass.tool;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.text.Template;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a pre-tool.
 *
 * @param fields the call's fields as the document has them, not rendered
 * @param state the variables, those of earlier pre-tools among them
 * @param context the step that calls; null-free, for cancel hooks and logs
 * @param timeout what one attempt may take
 */
public record PreToolCall(ObjectNode fields, State state, StepContext context, Duration timeout) {
  /** A field rendered with the variables; the empty text when it is missing. */
  public String text(String field) {
    return text(field, "");
  }

  public String text(String field, String otherwise) {
    JsonNode value = fields.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    return render(value);
  }

  /** A field as the document has it, not rendered; the empty text when it is missing. */
  public String raw(String field) {
    return Json.show(fields.get(field));
  }

  /** Whether a field is true; written as a boolean, as text, or with a placeholder. */
  public boolean flag(String field) {
    String value = text(field).trim();
    return value.equalsIgnoreCase("true") || value.equals("1") || value.equalsIgnoreCase("yes");
  }

  /**
   * A field that is a number, written as one or as text.
   *
   * @throws WindlassException INVALID_INPUT naming the field and its bounds when it is none in them
   */
  public double number(String field, double otherwise, double least, double most) {
    String value = text(field).trim();
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notBetween(field, value, least, most);
    }
    throw notBetween(field, value, least, most);
  }

  /** {@link #number} for counts; a fraction is cut off. */
  public int count(String field, int otherwise, int least, int most) {
    return (int) number(field, otherwise, least, most);
  }

  private static WindlassException notBetween(
      String field, String value, double least, double most) {
    return WindlassException.invalid(
        "%s must be a number from %s to %s, not \"%s\""
            .formatted(field, shown(least), shown(most), value));
  }

  private static String shown(double number) {
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  /**
   * A field that maps names to texts, each text rendered; JSON text of such an object will do.
   *
   * @throws WindlassException INVALID_INPUT when it is neither
   */
  public Map<String, String> texts(String field) {
    JsonNode value = fields.get(field);
    if (value != null && value.isString()) {
      String text = render(value).trim();
      value = text.isEmpty() ? null : Json.read(text);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    if (value == null || value.isNull()) {
      return texts;
    }
    if (!value.isObject()) {
      throw WindlassException.invalid(
          "%s must be an object of names and texts, not %s".formatted(field, value));
    }
    value.properties().forEach(entry -> texts.put(entry.getKey(), render(entry.getValue())));
    return texts;
  }

  private String render(JsonNode value) {
    return Template.render(Json.show(value), state);
  }
}
