package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import io.windlass.text.JsPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is wrong with declared inputs themselves, whatever value is given later. */
final class InputLint {
  private final List<Finding> findings = new ArrayList<>();
  private final String path;
  private final InputSpec spec;

  private InputLint(String path, InputSpec spec) {
    this.path = path;
    this.spec = spec;
  }

  /** Faults and warnings of all inputs of a document. */
  static List<Finding> of(List<InputSpec> inputs) {
    List<Finding> findings = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < inputs.size(); i++) {
      InputLint one = new InputLint("inputs." + i, inputs.get(i));
      if (!names.add(inputs.get(i).name())) {
        one.warn("name", "the input \"%s\" is declared twice".formatted(inputs.get(i).name()));
      }
      one.check();
      findings.addAll(one.findings);
    }
    return findings;
  }

  private void check() {
    choices();
    bounds("min", "max");
    bounds("min_length", "max_length");
    if (has("min") || has("max")) {
      without("number", "min and max");
    }
    if (has("pattern")) {
      try {
        JsPattern.compile(Json.show(spec.fields().get("pattern")));
      } catch (IllegalArgumentException e) {
        error("pattern", String.valueOf(e.getMessage()));
        return;
      }
    }
    boolean file = spec.type().equals("file") || spec.type().equals("image");
    if (!file && (has("accepts") || has("max_file_size"))) {
      warn("type", "accepts and max_file_size have no effect on a " + spec.type());
    }
    if (has("max_file_size") && InputFile.bytes(spec.fields().get("max_file_size")) == null) {
      error("max_file_size", "must be a number of bytes or a size as 5MB");
    }
    examples();
  }

  private void choices() {
    JsonNode choices = spec.fields().path("enum");
    if (spec.type().equals("enum") && choices.isEmpty()) {
      error("enum", "an input of the type enum needs its choices");
    }
    if (!choices.isEmpty()) {
      without("enum", "enum");
    }
    JsonNode labels = spec.fields().path("enum_labels");
    if (labels.isArray() && labels.size() != choices.size()) {
      warn("enum_labels", "has %d labels for %d choices".formatted(labels.size(), choices.size()));
    }
    for (String label : labels.propertyNames()) {
      if (choices.valueStream().noneMatch(choice -> Json.show(choice).equals(label))) {
        warn("enum_labels." + label, "is none of the choices");
      }
    }
  }

  private void bounds(String least, String most) {
    if (has(least)
        && has(most)
        && spec.fields().path(least).doubleValue() > spec.fields().path(most).doubleValue()) {
      error(least, "is above %s: no value can keep both".formatted(most));
    }
  }

  private void examples() {
    String otherwise = spec.defaultValue();
    if (otherwise != null && !otherwise.isEmpty()) {
      spec.faults(otherwise, InputFiles.UNSEEN)
          .forEach(fault -> error("default", "breaks the input's own rules: it " + fault));
    }
    JsonNode examples = spec.fields().path("examples");
    for (int i = 0; i < examples.size(); i++) {
      @Nullable JsonNode example = examples.get(i);
      String where = "examples." + i;
      spec.faults(Json.show(example), InputFiles.UNSEEN)
          .forEach(fault -> warn(where, "breaks the input's own rules: it " + fault));
    }
  }

  private void without(String type, String field) {
    if (!spec.type().equals(type)) {
      warn("type", "%s has no effect on a %s".formatted(field, spec.type()));
    }
  }

  private boolean has(String field) {
    return spec.fields().hasNonNull(field);
  }

  private void error(String field, String reason) {
    findings.add(new Finding(path + "." + field, reason, true));
  }

  private void warn(String field, String reason) {
    findings.add(new Finding(path + "." + field, reason, false));
  }
}
