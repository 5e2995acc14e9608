package io.windlass.chain;

import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.text.JsPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The {@code transform} step: rewrites text without a model. */
public final class TransformKind implements StepKind {
  /** The type of our own that runs its {@code pre_tools} and then is a transform. */
  public static final String GATHER = "gather";

  private static final String TRANSFORM = "transform";
  private static final Set<String> WITH_REGEX = Set.of("regex_match", "replace", "filter");
  private static final Set<String> OPERATIONS =
      Set.of(
          "json_extract",
          "regex_match",
          "template",
          "split",
          "merge",
          "truncate",
          "replace",
          "filter",
          "map",
          "join",
          "to_json",
          "from_json");

  @Override
  public String name() {
    return TRANSFORM;
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    return new Transform(new ChainStep(fields));
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    ChainStep step = new ChainStep(fields);
    String operation = step.text("operation");
    List<String> faults = new ArrayList<>();
    if (WITH_REGEX.contains(operation)) {
      try {
        if (step.text("regex").isEmpty()) {
          faults.add("regex: %s needs a regular expression".formatted(operation));
        }
        JsPattern.compile(step.text("regex"));
      } catch (IllegalArgumentException e) {
        faults.add("regex: " + e.getMessage());
      }
    }
    if (operation.equals("map") && step.text("template_str").isEmpty()) {
      faults.add("template_str: map needs a template, such as \"- {item}\"");
    }
    if (operation.equals("merge") && step.inputs().isEmpty()) {
      faults.add("inputs: merge needs the names of the variables to merge");
    }
    return faults;
  }

  /** Whether steps of that type have an {@code operation}. */
  static boolean isType(String type) {
    return type.equals(TRANSFORM) || type.equals(GATHER);
  }

  static boolean isOperation(String name) {
    return OPERATIONS.contains(name);
  }
}
