package io.windlass.surface.unified;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.windlass.step.Usage;
import org.jspecify.annotations.Nullable;

/** What the answers of one model amount to; looked up once, not for each answer. */
final class AnswerCounters {
  private final Counter input;
  private final Counter output;
  private final Counter answers;

  /** Null where it is not known: then it must not show as nothing. */
  private final @Nullable Counter cost;

  /**
   * Whose answers.
   *
   * @param priced whether their cost is known
   */
  record Of(String provider, String model, boolean priced) {}

  AnswerCounters(Of of, MeterRegistry registry) {
    input = tokens(of, "input").register(registry);
    output = tokens(of, "output").register(registry);
    answers =
        counter(
                of,
                "windlass.model.answers",
                "Answers that models gave, by whether their cost is known")
            .tag("cost", of.priced() ? "known" : "unknown")
            .register(registry);
    cost =
        of.priced()
            ? counter(of, "windlass.model.cost.usd", "Known cost of models' answers in US dollars")
                .register(registry)
            : null;
  }

  void count(Usage usage) {
    input.increment(usage.inputTokens());
    output.increment(usage.outputTokens());
    answers.increment();
    if (cost != null && usage.costUsd() != null) {
      cost.increment(usage.costUsd().doubleValue());
    }
  }

  private static Counter.Builder tokens(Of of, String direction) {
    return counter(
            of, "windlass.model.tokens", "Tokens of models' answers, as the providers counted them")
        .tag("direction", direction);
  }

  private static Counter.Builder counter(Of of, String name, String description) {
    return Counter.builder(name)
        .description(description)
        .tag("provider", of.provider())
        .tag("model", of.model());
  }
}
