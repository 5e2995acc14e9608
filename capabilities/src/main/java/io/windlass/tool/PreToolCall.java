package io.windlass.tool;

import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.text.Template;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One call of a pre-tool.
 *
 * @param fields the call's fields as the document has them, not rendered
 * @param state the variables, those of earlier pre-tools among them
 * @param context the step that calls; null-free, for cancel hooks and logs
 */
public record PreToolCall(ObjectNode fields, State state, StepContext context) {

  /** A field rendered with the variables; the empty text when it is missing. */
  public String text(String field) {
    return text(field, "");
  }

  public String text(String field, String otherwise) {
    JsonNode value = fields.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    return Template.render(value.isString() ? value.stringValue() : value.toString(), state);
  }
}
