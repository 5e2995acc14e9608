package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.Effect;
import io.windlass.step.Question;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a person lets a call happen, where its tool is one that people must be asked about. */
final class Consent {
  private static final int SHOWN = 20_000;

  private final StepContext context;
  private final Set<String> asked;
  private final Duration expiresAfter;

  /**
   * @param asked the tools to ask about, as documents name them
   * @param expiresAfter how long a question stays open; then the call is refused
   */
  Consent(StepContext context, Set<String> asked, Duration expiresAfter) {
    this.context = context;
    this.asked = Set.copyOf(asked);
    this.expiresAfter = expiresAfter;
  }

  /** What is known of a call. */
  sealed interface Known {}

  /** It may happen. */
  record Given() implements Known {}

  /**
   * @param why what the model is told
   */
  record Refused(String why) implements Known {}

  /**
   * @param ask what to ask
   */
  record Open(StepOutcome.Ask ask) implements Known {}

  /** A decision, as the journal keeps it: a resumed step does not ask again what was decided. */
  private record Decision(boolean approved, @Nullable String reason, boolean expired) {}

  Known of(ToolCalls.Prepared call) throws Exception {
    if (!ToolNames.cover(asked, call.use().name())) {
      return new Given();
    }
    String key = "approval:" + call.key();
    try {
      Decision decision =
          context.once(
              Effect.repeatable(key, "decide on a call of " + call.use().name()),
              Decision.class,
              () -> context.answer(key).map(Consent::decision).orElseThrow(Undecided::new));
      return decision.approved() ? new Given() : new Refused(refusal(decision));
    } catch (Undecided e) {
      return new Open(new StepOutcome.Ask(key, question(call)));
    }
  }

  private static Decision decision(Answer answer) {
    return new Decision(answer.is(Question.APPROVE), answer.reason(), answer.expired());
  }

  private static String refusal(Decision decision) {
    String reason = decision.reason();
    if (decision.expired()) {
      return "Not carried out: nobody approved this call in time.";
    }
    return reason == null || reason.isBlank()
        ? "Not carried out: a person refused this call and gave no reason."
        : "Not carried out: a person refused this call: " + reason;
  }

  private Question question(ToolCalls.Prepared call) {
    String arguments =
        Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(call.arguments().values());
    String shown =
        arguments.length() <= SHOWN
            ? arguments
            : "%s%n[%d more characters]"
                .formatted(Excerpt.head(arguments, SHOWN), arguments.length() - SHOWN);
    return new Question(
        "tool",
        "Let step \"%s\" call the tool %s?%n%s"
            .formatted(context.stepId(), call.use().name(), shown),
        List.of(Question.APPROVE, Question.REJECT),
        expiresAfter,
        Question.REJECT);
  }

  /** Nobody has decided yet. */
  private static final class Undecided extends Exception {
    private static final long serialVersionUID = 1;

    Undecided() {
      super("undecided", null, false, false);
    }
  }
}
