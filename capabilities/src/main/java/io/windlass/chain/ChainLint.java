package io.windlass.chain;

import io.windlass.definition.Finding;
import io.windlass.kernel.Nearest;
import io.windlass.step.StepKind;
import io.windlass.text.Condition;
import io.windlass.tool.PreTools;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Everything that can be told about a chain without running it. */
final class ChainLint {
  private static final Set<String> CACHED =
      Set.of("agent", "router", "evaluator", "browser", "debate");
  private static final List<String> CONDITIONS =
      List.of("condition", "early_exit_if", "gate_auto_approve_if", "loop_until");
  private static final Set<String> USED_FOR_THEIR_EFFECT =
      Set.of("gate", "webhook", "router", "evaluator");
  private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]+");
  private final Map<String, StepKind> stepKinds;
  private final Map<String, List<String>> preTools;
  private final SavedChains saved;
  private final List<Finding> findings = new ArrayList<>();

  ChainLint(
      Map<String, StepKind> stepKinds, Map<String, List<String>> preTools, SavedChains saved) {
    this.stepKinds = stepKinds;
    this.preTools = preTools;
    this.saved = saved;
  }

  List<Finding> lint(String name, @Nullable String nameFault, Reading<ChainDocument> reading) {
    if (nameFault != null) {
      error("(file name)", nameFault);
    }
    findings.addAll(reading.findings());
    ChainDocument chain = reading.document();
    if (chain != null) {
      if (!plain(chain.title()).equals(plain(name))) {
        warning(
            "name",
            "the chain is saved and run as \"%s\"; \"%s\" is only shown"
                .formatted(name, chain.title()));
      }
      graph(chain);
      Scope scope = new Scope(chain);
      Set<String> ids = chain.steps().stream().map(ChainStep::id).collect(Collectors.toSet());
      for (int i = 0; i < chain.steps().size(); i++) {
        step("steps." + i, chain.steps().get(i), ids, scope);
        subchain("steps.%d.subchain".formatted(i), chain.steps().get(i), name);
      }
      unusedOutputs(chain);
    }
    return List.copyOf(findings);
  }

  /** A name in the form that a display name and a file name have in common. */
  private static String plain(String name) {
    return NO_LETTER.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  private void graph(ChainDocument chain) {
    for (String fault : ChainCompiler.graphFaults(chain)) {
      error(fault.startsWith("Output ") ? "output" : "steps", fault);
    }
    findings.addAll(InputLint.of(chain.inputs()));
  }

  private void step(String path, ChainStep step, Set<String> ids, Scope scope) {
    StepKind kind = stepKinds.get(step.type());
    if (kind == null) {
      warning(
          path + ".type",
          "the step type \"%s\" is not available yet; the step fails when it is run"
              .formatted(step.type()));
    } else {
      kind.faults(step.fields()).forEach(fault -> field(path, fault, true));
      kind.warnings(step.fields()).forEach(warning -> field(path, warning, false));
    }
    boolean unknownOperation =
        TransformKind.isType(step.type())
            && !step.text("operation").isEmpty()
            && !TransformKind.isOperation(step.text("operation"));
    if (unknownOperation) {
      warning(
          path + ".operation",
          "\"%s\" is no operation; the input is passed through".formatted(step.text("operation")));
    }
    if (step.fields().has("cache") && !CACHED.contains(step.type())) {
      warning(path + ".cache", "the results of a %s are not cached".formatted(step.type()));
    }
    routes(path, step, ids, scope);
    preTools(path, step);
    for (String field : CONDITIONS) {
      condition(path + "." + field, step.text(field));
    }
    variables(path, step, scope);
  }

  /** A chain that is not there now may be saved before this one is run. */
  private void subchain(String path, ChainStep step, String own) {
    String chain = step.text("subchain").strip();
    boolean isName = step.type().equals("subchain") && !chain.isEmpty() && chain.indexOf('{') < 0;
    if (isName && chain.equals(own)) {
      error(path, "the chain \"%s\" cannot run itself as a subchain".formatted(chain));
    } else if (isName) {
      missing(saved, path, chain).ifPresent(findings::add);
    }
  }

  /** What is to be said of the name of a chain that is not there. */
  static Optional<Finding> missing(SavedChains saved, String path, String chain) {
    return saved
        .names()
        .filter(names -> !names.contains(chain))
        .map(names ->
            new Finding(
                path,
                "there is no chain \"%s\" yet; save it before this is run%s"
                    .formatted(chain, Nearest.hint(chain, names)),
                false));
  }

  private void field(String path, String told, boolean error) {
    int colon = told.indexOf(": ");
    add(
        colon < 0 ? path : path + "." + told.substring(0, colon),
        told.substring(colon < 0 ? 0 : colon + 2),
        error);
  }

  private void routes(String path, ChainStep step, Set<String> ids, Scope scope) {
    JsonNode routes = step.fields().path("routes");
    routes
        .properties()
        .forEach(route ->
            route
                .getValue()
                .values()
                .forEach(target -> {
                  if (!ids.contains(target.asString(""))) {
                    error(
                        "%s.routes.%s".formatted(path, route.getKey()),
                        "there is no step \"%s\"".formatted(target.asString("")));
                  }
                }));
    if (step.has("default_route") && !routes.has(step.text("default_route"))) {
      error(
          path + ".default_route",
          "\"%s\" is none of the routes".formatted(step.text("default_route")));
    }
    if (step.type().equals("router") && routes.isEmpty()) {
      error(path + ".routes", "a router needs routes: each answer with the steps that it opens");
    }
    retryTarget(path, step, ids, scope);
  }

  private void retryTarget(String path, ChainStep step, Set<String> ids, Scope scope) {
    String target = step.text("retry_target");
    if (!step.has("retry_target")) {
      return;
    }
    if (!ids.contains(target)) {
      error(path + ".retry_target", "there is no step \"%s\"".formatted(target));
    } else if (!scope.isBefore(target, step)) {
      error(
          path + ".retry_target",
          "step \"%s\" does not come before this one, so it cannot be run again; name it in depends_on"
              .formatted(target));
    } else if (step.has("input_var") && !scope.sets(target, step.text("input_var"))) {
      warning(
          path + ".retry_target",
          "step \"%s\" does not set \"%s\": it would run again, and the same text would be judged again"
              .formatted(target, step.text("input_var")));
    }
  }

  private void preTools(String path, ChainStep step) {
    List<ObjectNode> calls = step.preTools();
    if (!calls.isEmpty() && !step.runsPreTools()) {
      warning(
          path + ".pre_tools",
          "pre-tools run before agent, loop and gather steps only; a %s ignores them: %s"
              .formatted(
                  step.type(),
                  TransformKind.isType(step.type())
                      ? "use type: gather, which is a transform that runs them"
                      : "put them on a gather step before it"));
      return;
    }
    for (int i = 0; i < calls.size(); i++) {
      ObjectNode call = calls.get(i);
      String type = call.path("type").asString("");
      String where = "%s.pre_tools.%d".formatted(path, i);
      List<String> required = preTools.get(type);
      if (required == null) {
        boolean known = known().contains(type);
        add(
            where + ".type",
            known
                ? "the pre-tool \"%s\" is not available yet; it fails when it is run"
                    .formatted(type)
                : "there is no pre-tool \"%s\"%s".formatted(type, Nearest.hint(type, known())),
            !known);
        continue;
      }
      for (String field : required) {
        if (call.path(field).isMissingNode() || call.path(field).asString("x").isEmpty()) {
          error(where + "." + field, "%s cannot do without it".formatted(type));
        }
      }
    }
  }

  /** The pre-tools of the format, also those that are not available here. */
  private static Set<String> known() {
    return PreTools.requiredFields().keySet();
  }

  private void condition(String path, String condition) {
    boolean joined = condition.contains("&&") || condition.contains("||");
    boolean looksLikeOne =
        List.of(">=", "<=", "==", "!=", " contains ", " > ", " < ").stream()
            .anyMatch(condition::contains);
    if (joined || (looksLikeOne && !Condition.compares(condition))) {
      warning(
          path,
          "not a comparison of the format (==, != or contains with \"…\", > or < with a whole"
              + " number; one per condition): it holds whenever its text is not empty");
    }
  }

  private void variables(String path, ChainStep step, Scope scope) {
    Set<String> told = new HashSet<>();
    for (Scope.Use use : Scope.uses(step)) {
      String name = use.placeholder().name();
      String first = use.placeholder().first();
      boolean number = first.chars().allMatch(Character::isDigit);
      boolean known =
          scope.sees(step, name)
              || scope.sees(step, first)
              || !use.placeholder().fallback().isEmpty();
      if (!number && !known && told.add(use.path() + " " + name)) {
        unseen("%s.%s".formatted(path, use.path()), first.equals("input") ? name : first, scope);
      }
    }
    for (String field : List.of("input_var", "items_var")) {
      if (step.has(field) && !scope.sees(step, step.text(field))) {
        unseen(path + "." + field, step.text(field), scope);
      }
    }
    for (String input : step.inputs()) {
      if (input.indexOf('{') < 0 && !scope.sees(step, input)) {
        unseen(path + ".inputs", input, scope);
      }
    }
  }

  private void unseen(String path, String variable, Scope scope) {
    warning(
        path,
        scope
            .setter(variable)
            .map(setter ->
                "the variable \"%s\" is set by \"%s\", on which this step does not depend; name it in depends_on"
                    .formatted(variable, setter))
            .orElse("the variable \"%s\" is no input and no step sets it".formatted(variable)));
  }

  private void unusedOutputs(ChainDocument chain) {
    if (chain.steps().stream().anyMatch(Scope::takesAll)) {
      return;
    }
    Set<String> used = new LinkedHashSet<>();
    used.add(chain.output());
    for (ChainStep step : chain.steps()) {
      for (Scope.Use use : Scope.uses(step)) {
        used.add(use.placeholder().name());
        used.add(use.placeholder().first());
      }
      used.add(step.text("input_var"));
      used.add(step.text("items_var"));
      used.addAll(step.inputs());
    }
    for (int i = 0; i < chain.steps().size(); i++) {
      ChainStep step = chain.steps().get(i);
      if (!used.contains(step.outputVar()) && !USED_FOR_THEIR_EFFECT.contains(step.type())) {
        warning(
            "steps.%d.output_var".formatted(i),
            "nobody uses the output \"%s\" of step \"%s\"".formatted(step.outputVar(), step.id()));
      }
    }
  }

  private void error(String path, String reason) {
    add(path, reason, true);
  }

  private void warning(String path, String reason) {
    add(path, reason, false);
  }

  private void add(String path, String reason, boolean error) {
    findings.add(new Finding(path, reason, error));
  }
}
