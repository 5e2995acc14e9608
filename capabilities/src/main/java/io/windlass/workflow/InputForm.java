package io.windlass.workflow;

import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The inputs that a workflow asks for.
 *
 * @param fields in the order of the document
 */
public record InputForm(List<WorkflowField> fields) {
  public InputForm {
    fields = List.copyOf(fields);
  }

  /** The form that says the same as the properties of a JSON Schema. */
  static InputForm ofSchema(JsonNode schema) {
    Set<String> required = new HashSet<>();
    schema.path("required").values().forEach(name -> required.add(Json.show(name)));
    List<WorkflowField> fields = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(property ->
            fields.add(
                WorkflowField.ofProperty(
                    property.getKey(), property.getValue(), required.contains(property.getKey()))));
    return new InputForm(fields);
  }

  /** The form as a JSON Schema. */
  public ObjectNode jsonSchema() {
    ObjectNode schema = Json.object().put("type", "object");
    ArrayNode required = schema.putArray("required");
    ObjectNode properties = schema.putObject("properties");
    for (WorkflowField field : fields) {
      if (field.required()) {
        required.add(field.name());
      }
      properties.set(field.name(), field.property());
    }
    return schema;
  }

  /**
   * Every fault of given inputs, each under the name of its field. What is not asked for is fine.
   */
  public List<Fault> faults(ObjectNode inputs) {
    List<Fault> faults = new ArrayList<>();
    for (WorkflowField field : fields) {
      JsonNode value = inputs.get(field.name());
      if (value == null || value.isNull()) {
        if (field.required() && field.defaultValue() == null) {
          faults.add(new Fault(field.name(), "Required field is missing", null, "required"));
        }
        continue;
      }
      FieldCheck.faults(field, value)
          .forEach(broken ->
              faults.add(
                  new Fault(
                      field.name(),
                      broken.reason(),
                      value.isContainer() ? null : value,
                      broken.constraint())));
    }
    return faults;
  }

  /** The inputs with the defaults of those that are missing. */
  ObjectNode completed(ObjectNode inputs) {
    ObjectNode completed = inputs.deepCopy();
    for (WorkflowField field : fields) {
      JsonNode value = completed.get(field.name());
      if (field.defaultValue() != null && (value == null || value.isNull())) {
        completed.set(field.name(), field.defaultValue());
      }
    }
    return completed;
  }
}
