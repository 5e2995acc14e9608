package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.step.Caveat;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts single prompts to the models that a step's fields name, and checks what they answer. */
final class Prompting {
  private final Models models;
  private final List<String> candidates;
  private final @Nullable Duration timeout;
  private final OutputChecks checks;

  private Prompting(
      Models models, List<String> candidates, @Nullable Duration timeout, OutputChecks checks) {
    this.models = models;
    this.candidates = candidates;
    this.timeout = timeout;
    this.checks = checks;
  }

  /**
   * By the fields {@code model}, {@code fallback_models}, {@code timeout_ms} and those of the
   * checks.
   *
   * @param standard the model of a step that names none; empty for the configured default
   */
  static Prompting of(Models models, ObjectNode fields, String standard) {
    return of(models, fields, standard, OutputChecks.withForm(fields));
  }

  /** The same for a kind whose answers {@link SchemaKind} holds against {@code output_schema}. */
  static Prompting ofHeld(Models models, ObjectNode fields, String standard) {
    return of(models, fields, standard, OutputChecks.of(fields));
  }

  private static Prompting of(
      Models models, ObjectNode fields, String standard, OutputChecks checks) {
    long millis = fields.path("timeout_ms").asLong(0);
    return new Prompting(
        models,
        candidates(models, fields, standard),
        millis <= 0 ? null : Duration.ofMillis(millis),
        checks);
  }

  /** Fallback models take the place of the step's own model. */
  private static List<String> candidates(Models models, ObjectNode fields, String standard) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : fields.path("fallback_models")) {
      names.add(Json.show(name));
    }
    String own = Json.show(fields.get("model"));
    return names.isEmpty()
        ? List.of(own.isBlank() ? models.standing(standard) : own)
        : List.copyOf(names);
  }

  /** The same, first of all to this model; an empty name changes nothing. */
  Prompting to(String model) {
    if (model.isBlank()) {
      return this;
    }
    List<String> names = new ArrayList<>(List.of(model));
    if (candidates.size() > 1) {
      candidates.stream().filter(name -> !name.equals(model)).forEach(names::add);
    }
    return new Prompting(models, List.copyOf(names), timeout, checks);
  }

  /** Asks for a text. */
  String ask(StepContext context, String key, String prompt, Consumer<String> pieces)
      throws Exception {
    return ask(context, key, prompt, false, null, pieces);
  }

  /** Asks for a text that is to be what the step's fields demand of its output. */
  String askForOutput(StepContext context, String key, String prompt) throws Exception {
    return ask(context, key, prompt, checks.wantJson(), null, context::output);
  }

  /**
   * Asks, or reads the answer in the journal.
   *
   * @param key the effect's key, the same at every replay
   * @param standIn what a dry run takes for the answer; null for a marked text
   * @throws Asking.Unanswered when no model answered
   */
  String ask(
      StepContext context,
      String key,
      String prompt,
      boolean json,
      @Nullable String standIn,
      Consumer<String> pieces)
      throws Exception {
    ModelRequest request =
        ModelRequest.of(context.stepId(), prompt, timeout).withJson(json).withStandIn(standIn);
    ModelAnswer answer = new Asking(models, candidates).ask(context, key, request, pieces).answer();
    Lack.tell(context, answer);
    return answer.text();
  }

  /** Tells each breach of what is expected of the output in the step's log. */
  void check(StepContext context, String output) {
    checks.warnings(output).forEach(warning -> context.log(LogLevel.WARN, warning));
  }

  /** What does not fit, with what is to know of who answered. */
  String explained(String told, StepContext context) {
    Caveat caveat = models::caveat;
    return caveat.behind(told, context.consumed());
  }

  static StepOutcome failed(Asking.Unanswered failure) {
    return new StepOutcome.Failed(failure.text(), failure.retryable());
  }

  /** What is wrong with the fields that every step has that asks a model. */
  static List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    JsonNode timeout = fields.get("timeout_ms");
    if (timeout != null
        && !timeout.isNull()
        && !(timeout.isNumber() && timeout.doubleValue() >= 1 && timeout.doubleValue() < 1e15)) {
      faults.add("timeout_ms: must be whole milliseconds above 0, not " + timeout);
    }
    JsonNode fallbacks = fields.get("fallback_models");
    if (fallbacks != null && !fallbacks.isNull() && !fallbacks.isArray()) {
      faults.add("fallback_models: must be a list");
    }
    faults.addAll(OutputChecks.faults(fields));
    return faults;
  }
}
