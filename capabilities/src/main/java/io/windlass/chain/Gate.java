package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.LogLevel;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Condition;
import io.windlass.text.Template;
import io.windlass.tool.Hours;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One gate: asks with its rendered prompt, then goes on, is skipped, or fails. */
final class Gate implements Step {
  private static final String KEY = "gate";
  private static final double DEFAULT_HOURS = 24;
  private final ChainStep step;

  Gate(ChainStep step) {
    this.step = step;
  }

  @Override
  public StepOutcome run(StepContext context) {
    Optional<Answer> answer = context.answer(KEY);
    if (answer.isPresent()) {
      return decided(answer.get());
    }
    if (step.has("gate_auto_approve_if")
        && Condition.holds(step.text("gate_auto_approve_if"), context.state())) {
      context.log(LogLevel.INFO, "Gate approved by its rule: " + step.text("gate_auto_approve_if"));
      return approved("auto-approved");
    }
    String prompt = Template.render(step.prompt(), context.state());
    context.log(
        LogLevel.INFO,
        "Gate \"%s\" waits for approval, for %s at most"
            .formatted(step.label(), Spell.of(timeout())));
    return new StepOutcome.Ask(
        KEY,
        new Question(
            "gate",
            prompt,
            List.of(Question.APPROVE, Question.REJECT, Question.SKIP),
            timeout(),
            onExpiry()));
  }

  private StepOutcome decided(Answer answer) {
    String choice = answer.choice();
    if (choice == null) {
      return failed(
          "Gate timed out: nobody decided within %s; approve sooner, raise timeout_hours or set"
                  .formatted(Spell.of(timeout()))
              + " on_timeout");
    }
    String reason = answer.reason() == null || answer.reason().isBlank() ? "" : answer.reason();
    return switch (choice) {
      case Question.APPROVE -> approved("approved");
      case Question.REJECT ->
          failed("Gate rejected by user" + (reason.isEmpty() ? "" : ": " + reason));
      case Question.SKIP ->
          new StepOutcome.Skipped(
              "Gate skipped by " + answer.by() + (reason.isEmpty() ? "" : ": " + reason));
      default -> failed("Gate got the answer \"%s\", which it did not offer".formatted(choice));
    };
  }

  private StepOutcome approved(String output) {
    Map<String, JsonNode> variable = Map.of(step.outputVar(), Json.text("approved"));
    return new StepOutcome.Done(Json.text(output), variable, Set.of());
  }

  private static StepOutcome failed(String error) {
    return new StepOutcome.Failed(error, false);
  }

  private Duration timeout() {
    return Hours.of(step.fields().path("timeout_hours"), DEFAULT_HOURS);
  }

  private @Nullable String onExpiry() {
    return switch (step.text("on_timeout")) {
      case "skip" -> Question.SKIP;
      case "approve" -> Question.APPROVE;
      default -> null;
    };
  }
}
