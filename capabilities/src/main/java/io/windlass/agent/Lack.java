package io.windlass.agent;

import io.windlass.model.ModelAnswer;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import java.util.Optional;

/** What an answer lacks, its rest or all of it: a warning in the step's log, never a failure. */
final class Lack {
  private Lack() {}

  static void tell(StepContext context, ModelAnswer answer) {
    of(answer, context.stepId()).ifPresent(lack -> context.log(LogLevel.WARN, lack));
  }

  private static Optional<String> of(ModelAnswer answer, String step) {
    if (answer.text().isBlank()) {
      return Optional.of(nothing(answer, step));
    }
    return switch (answer.finish()) {
      case LENGTH -> Optional.of("The answer was cut at the model's token limit");
      case FILTERED -> Optional.of("The provider withheld part of the answer");
      case STOP, TOOL, OTHER -> Optional.empty();
    };
  }

  private static String nothing(ModelAnswer answer, String step) {
    return "%s gave step \"%s\" an empty answer%s"
        .formatted(
            named(answer),
            step,
            switch (answer.finish()) {
              case LENGTH ->
                  ": it came to its token limit before any text (thinking counts, too); ask for less, or name another model";
              case FILTERED -> ": its provider withheld all of it";
              case STOP, TOOL, OTHER -> thought(answer.usage().outputTokens());
            });
  }

  /** Who answered, as far as the answer tells. */
  static String named(ModelAnswer answer) {
    String model = answer.usage().model();
    return model == null ? "The model" : "Model " + model;
  }

  /** What models only think is no text of theirs; all that is seen of it is its tokens. */
  private static String thought(long tokens) {
    return tokens > 0
        ? "; its %d output tokens hold no text (thinking is not taken for an answer)"
            .formatted(tokens)
        : "";
  }
}
