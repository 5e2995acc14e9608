package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One router step: a model's answer chooses a route, and the steps that only other routes name do
 * not run.
 */
final class RouterStep implements Step {
  private final String prompt;
  private final Map<String, Set<String>> routes = new LinkedHashMap<>();
  private final String standard;
  private final Prompting prompting;

  RouterStep(ObjectNode fields, Prompting prompting) {
    this.prompt = Json.show(fields.get("prompt"));
    this.standard = Json.show(fields.get("default_route"));
    this.prompting = prompting;
    for (Map.Entry<String, JsonNode> route : fields.path("routes").properties()) {
      Set<String> steps = new LinkedHashSet<>();
      route.getValue().values().forEach(step -> steps.add(Json.show(step)));
      routes.put(route.getKey(), steps);
    }
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    String rendered = Template.render(prompt, context.state());
    String answer;
    try {
      answer = prompting.ask(context, "model", rendered, false, standIn(), context::output);
    } catch (Asking.Unanswered e) {
      return Prompting.failed(e);
    }
    prompting.check(context, answer);
    if (answer.isBlank() && standard.isEmpty()) {
      return new StepOutcome.Failed(
          "The router's model gave an empty answer, and there is no default_route; set one, or name"
              + " another model",
          true,
          PreTools.EFFECTS);
    }
    return routed(context, answer, choice(answer));
  }

  private StepOutcome routed(StepContext context, String answer, @Nullable String key) {
    Set<String> open = key == null ? Set.of() : routes.getOrDefault(key, Set.of(key));
    Set<String> close = new LinkedHashSet<>();
    routes.values().forEach(close::addAll);
    close.removeAll(open);
    String shut = close.isEmpty() ? "" : "; not run: " + String.join(", ", close);
    if (key == null) {
      context.log(
          LogLevel.WARN,
          prompting.explained(
              routes.isEmpty()
                  ? "The router has no routes, so none is taken and its variable is empty: give it"
                      + " routes, each answer with the steps that it opens"
                  : "The answer \"%s\" names none of the routes %s, and there is no default_route: no route is taken%s"
                      .formatted(
                          Excerpt.of(answer.strip(), 200),
                          String.join(", ", routes.keySet()),
                          shut),
              context));
    } else {
      context.log(LogLevel.INFO, "Route \"%s\" is taken%s".formatted(key, shut));
    }
    return new StepOutcome.Done(Json.text(key == null ? "" : key), Map.of(), close);
  }

  /** The key that is the answer; else the first one in it; else the default; else null. */
  private @Nullable String choice(String answer) {
    String given = answer.strip().toLowerCase(Locale.ROOT);
    if (!given.isEmpty()) {
      for (String key : routes.keySet()) {
        if (given.equals(key.toLowerCase(Locale.ROOT))) {
          return key;
        }
      }
      for (String key : routes.keySet()) {
        if (!key.isBlank() && given.contains(key.toLowerCase(Locale.ROOT))) {
          return key;
        }
      }
    }
    return standard.isEmpty() ? null : standard;
  }

  private @Nullable String standIn() {
    return routes.containsKey(standard)
        ? standard
        : routes.keySet().stream().findFirst().orElse(null);
  }
}
