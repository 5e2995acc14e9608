package io.windlass.workflow;

import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The inputs that a workflow asks for, and the one JSON Schema that is shown of them and held. */
public final class InputForm {
  private final List<WorkflowField> fields;

  /** Made at the first use, as forms at fault have none. */
  private volatile @Nullable InputRules rules;

  InputForm(List<WorkflowField> fields) {
    this.fields = List.copyOf(fields);
  }

  /** In the order of the document. */
  public List<WorkflowField> fields() {
    return fields;
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

  /** Why the form cannot be held, each under the name of its field; nothing when it can. */
  List<Fault> ownFaults() {
    List<Fault> faults = InputRules.faultsOf(jsonSchema());
    if (!faults.isEmpty()) {
      return faults;
    }
    ObjectNode defaults = completed(Json.object());
    return faults(defaults).stream()
        .filter(fault -> !FieldCheck.MISSING.equals(fault.reason()))
        .map(fault -> new Fault(fault.path(), "default: " + fault.reason()))
        .toList();
  }

  /**
   * Every fault of given inputs, each under the name of its field, or of the place in it. What is
   * not asked for is fine.
   */
  public List<Fault> faults(ObjectNode inputs) {
    if (fields.isEmpty()) {
      return List.of();
    }
    ObjectNode given = completed(inputs);
    given.removeIf(JsonNode::isNull);
    List<Fault> faults = new ArrayList<>(rules().faults(given));
    faults.sort(Comparator.comparingInt(fault -> place(fault.path())));
    return faults;
  }

  private int place(String path) {
    for (int i = 0; i < fields.size(); i++) {
      String name = fields.get(i).name();
      if (path.equals(name) || path.startsWith(name + ".")) {
        return i;
      }
    }
    return fields.size();
  }

  private InputRules rules() {
    InputRules known = rules;
    if (known == null) {
      known = InputRules.of(jsonSchema());
      rules = known;
    }
    return known;
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
