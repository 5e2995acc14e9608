package io.windlass.workflow;

import io.windlass.chain.Reading;
import io.windlass.chain.SchemaCheck;
import io.windlass.definition.Finding;
import io.windlass.kernel.Fault;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a tree as a workflow and tells all that is wrong with it at once. */
final class WorkflowReading {
  private static final int MOST_STEPS = 10_000;
  private static final Pattern FIELD_NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_.-]{0,199}");
  private static final String STEPS = "strategy_definition.steps";
  private final SchemaCheck check = new SchemaCheck();

  private WorkflowReading() {}

  static Reading<Workflow> read(JsonNode tree) {
    return new WorkflowReading().reading(tree);
  }

  private Reading<Workflow> reading(JsonNode tree) {
    JsonNode checked = check.check("", WorkflowSchema.WORKFLOW, tree);
    InputForm form = form(checked);
    List<WorkflowStep> steps = steps(checked.path("strategy_definition").path("steps"));
    List<Finding> findings = check.findings();
    boolean sound = findings.stream().noneMatch(Finding::error);
    return new Reading<>(
        sound && checked instanceof ObjectNode fields ? new Workflow(fields, form, steps) : null,
        findings);
  }

  private InputForm form(JsonNode workflow) {
    // A schema comes under the name that documents have for it, or that the API shows it under.
    String schema = workflow.has("input_schema") ? "input_schema" : "json_schema";
    if (!workflow.has("input_fields") && workflow.path(schema).isObject()) {
      InputForm form = InputForm.ofSchema(workflow.path(schema));
      Map<String, String> paths = new HashMap<>();
      for (WorkflowField field : form.fields()) {
        String path = schema + ".properties." + field.name();
        check(field, path);
        paths.put(field.name(), path);
      }
      checkRules(form, schema, paths);
      return form;
    }
    List<WorkflowField> fields = new ArrayList<>();
    Map<String, String> paths = new HashMap<>();
    JsonNode list = workflow.path("input_fields");
    for (int i = 0; i < list.size(); i++) {
      if (!list.get(i).isObject() || !list.get(i).has("name")) {
        continue;
      }
      WorkflowField field = WorkflowField.of(list.get(i));
      String path = "input_fields." + i;
      check(field, path);
      if (paths.putIfAbsent(field.name(), path) != null) {
        check.fault(path + ".name", "there is another input \"%s\"".formatted(field.name()));
      }
      fields.add(field);
    }
    InputForm form = new InputForm(fields);
    checkRules(form, "input_fields", paths);
    return form;
  }

  /** Once each field is sound by itself: whether the rules of all make one schema. */
  private void checkRules(InputForm form, String whole, Map<String, String> paths) {
    if (form.fields().isEmpty() || check.findings().stream().anyMatch(Finding::error)) {
      return;
    }
    form.ownFaults()
        .forEach(
            fault -> check.fault(paths.getOrDefault(fault.path(), whole), place(fault, paths)));
  }

  /** The reason, with the place when that is no field's. */
  private static String place(Fault fault, Map<String, String> paths) {
    return fault.path().isEmpty() || paths.containsKey(fault.path())
        ? fault.reason()
        : fault.path() + ": " + fault.reason();
  }

  private void check(WorkflowField field, String path) {
    if (!FIELD_NAME.matcher(field.name()).matches()) {
      check.fault(
          path + ".name",
          "\"%s\" cannot be a name: use letters, digits and underscores".formatted(field.name()));
    } else if (RunConfig.RESERVED.contains(field.name()) || WorkflowStep.number(field.name()) > 0) {
      check.fault(path + ".name", "\"%s\" has a meaning of its own".formatted(field.name()));
    }
    String fault = FieldCheck.faultOf(field);
    if (fault != null) {
      check.fault(path, fault);
    }
  }

  private List<WorkflowStep> steps(JsonNode list) {
    if (list.isArray() && list.isEmpty()) {
      check.fault(STEPS, "must hold at least one step");
    }
    if (list.size() > MOST_STEPS) {
      check.fault(STEPS, "holds %d steps, the most is %d".formatted(list.size(), MOST_STEPS));
      return List.of();
    }
    Map<Integer, WorkflowStep> steps = new TreeMap<>();
    Map<Integer, String> paths = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      String path = STEPS + "." + i;
      if (!(list.get(i) instanceof ObjectNode fields)) {
        continue;
      }
      int number = fields.path("step_number").asInt(i + 1);
      if (number < 1) {
        check.fault(path + ".step_number", "must be 1 or more, got " + number);
        continue;
      }
      if (paths.putIfAbsent(number, path) != null) {
        check.fault(path + ".step_number", "there is another step " + number);
        continue;
      }
      steps.put(number, new WorkflowStep(number, fields, Set.of()));
      schema(path, "output_schema", fields);
      schema(path, "input_schema", fields);
    }
    return ordered(steps, paths);
  }

  private void schema(String path, String field, ObjectNode fields) {
    if (fields.get(field) instanceof ObjectNode schema && !schema.isEmpty()) {
      OutputForm.faultsOf(schema).forEach(reason -> check.fault(path + "." + field, reason));
    }
  }

  /** With what each waits for: its dependencies, or the step or the parallel steps before it. */
  private List<WorkflowStep> ordered(Map<Integer, WorkflowStep> steps, Map<Integer, String> paths) {
    Map<Integer, WorkflowStep> ordered = new LinkedHashMap<>();
    Set<Integer> before = Set.of();
    Set<Integer> group = new TreeSet<>();
    boolean parallelGroup = false;
    for (WorkflowStep step : steps.values()) {
      int number = step.number();
      List<Integer> named = step.dependencies();
      boolean joins = named.isEmpty() && step.isParallel() && parallelGroup;
      if (!joins) {
        before = Set.copyOf(group);
        group = new TreeSet<>();
      }
      group.add(number);
      parallelGroup = named.isEmpty() && step.isParallel();
      for (Integer dependency : named) {
        String path = paths.get(number) + ".dependencies";
        if (dependency == number) {
          check.fault(path, "step %d cannot wait for itself".formatted(number));
        } else if (!steps.containsKey(dependency)) {
          check.fault(
              path,
              "there is no step %d; the steps are %s".formatted(dependency, shown(steps.keySet())));
        }
      }
      Set<Integer> after = new TreeSet<>(named.isEmpty() ? before : named);
      after.retainAll(steps.keySet());
      ordered.put(number, new WorkflowStep(number, step.fields(), after));
    }
    Set<Integer> circle = circle(ordered);
    if (!circle.isEmpty()) {
      check.fault(
          STEPS,
          "steps %s wait for each other in a circle; take out one of their dependencies"
              .formatted(shown(circle)));
    }
    return List.copyOf(ordered.values());
  }

  private static String shown(Set<Integer> numbers) {
    String all = String.join(", ", numbers.stream().map(String::valueOf).toList());
    return all.length() > 200 ? all.substring(0, 200) + "…" : all;
  }

  /** The steps that no order could do. */
  private static Set<Integer> circle(Map<Integer, WorkflowStep> steps) {
    Map<Integer, Integer> open = new HashMap<>();
    Map<Integer, List<Integer>> followers = new HashMap<>();
    List<Integer> free = new ArrayList<>();
    for (WorkflowStep step : steps.values()) {
      open.put(step.number(), step.after().size());
      if (step.after().isEmpty()) {
        free.add(step.number());
      }
      for (Integer source : step.after()) {
        followers.computeIfAbsent(source, _ -> new ArrayList<>()).add(step.number());
      }
    }
    Set<Integer> left = new TreeSet<>(steps.keySet());
    while (!free.isEmpty()) {
      Integer next = free.removeLast();
      left.remove(next);
      for (Integer follower : followers.getOrDefault(next, List.of())) {
        if (open.merge(follower, -1, Integer::sum) == 0) {
          free.add(follower);
        }
      }
    }
    return left;
  }
}
