package io.windlass.agent;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ChosenModel;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelFailure;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One agent step: pre-tools, prompt, model call, checks of the answer. */
final class AgentStep implements Step {
  private final Models models;
  private final PreTools tools;
  private final List<ObjectNode> preTools;
  private final String prompt;
  private final List<String> candidates;
  private final @Nullable Duration timeout;
  private final OutputChecks checks;
  private final boolean wantsTools;

  AgentStep(
      Models models,
      PreTools tools,
      List<ObjectNode> preTools,
      String prompt,
      List<String> candidates,
      @Nullable Duration timeout,
      OutputChecks checks,
      boolean wantsTools) {
    this.models = models;
    this.tools = tools;
    this.preTools = List.copyOf(preTools);
    this.prompt = prompt;
    this.candidates = List.copyOf(candidates);
    this.timeout = timeout;
    this.checks = checks;
    this.wantsTools = wantsTools;
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    State state = tools.run(context, preTools, context.state());
    String rendered = Template.render(prompt, state);
    if (rendered.isBlank()) {
      return new StepOutcome.Failed(
          "The prompt is empty once its variables are put in; check the steps that set them",
          false);
    }
    if (wantsTools) {
      context.log(
          LogLevel.WARN, "This version gives a model no tools; the step's tools are left out");
    }
    List<String> failures = new ArrayList<>();
    boolean retryable = false;
    for (int place = 0; place < candidates.size(); place++) {
      try {
        return answered(context, ask(context, place, rendered));
      } catch (ModelFailure failure) {
        failures.add(failure.text());
        retryable |= failure.retryable();
      } catch (WindlassException failure) {
        if (failure.code().category() != ErrorCategory.UNAVAILABLE) {
          throw failure;
        }
        failures.add(failure.text());
      }
      if (place + 1 < candidates.size()) {
        context.log(
            LogLevel.WARN,
            "%s. Trying model \"%s\"".formatted(failures.getLast(), candidates.get(place + 1)));
      }
    }
    return new StepOutcome.Failed(String.join("; ", failures), retryable);
  }

  /** A finished call is answered from the journal at every later run of the step. */
  private ModelAnswer ask(StepContext context, int place, String rendered) throws Exception {
    String name = candidates.get(place);
    return context.once(
        Effect.repeatable("model:" + place, "ask model " + (name.isEmpty() ? "(default)" : name)),
        ModelAnswer.class,
        () -> {
          ChosenModel chosen = models.choose(name);
          if (chosen.note() != null) {
            context.log(LogLevel.INFO, chosen.note());
          }
          return chosen
              .model()
              .ask(ModelRequest.of(context.stepId(), rendered, timeout), context::output);
        });
  }

  private StepOutcome answered(StepContext context, ModelAnswer answer) {
    context.use(answer.usage());
    switch (answer.finish()) {
      case LENGTH -> context.log(LogLevel.WARN, "The answer was cut at the model's token limit");
      case FILTERED -> context.log(LogLevel.WARN, "The provider withheld part of the answer");
      case STOP, TOOL, OTHER -> {
        // The answer is as whole as it can be.
      }
    }
    for (String warning : checks.warnings(answer.text())) {
      context.log(LogLevel.WARN, warning);
    }
    return StepOutcome.done(answer.text());
  }
}
