package io.windlass.step;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a step asks a person.
 *
 * @param kind what is asked for: {@code gate}, {@code tool}, {@code recovery}, {@code budget}, …
 * @param prompt the question
 * @param options the answers that can be given, the consenting one first
 * @param expiresAfter how long it stays open; null for ever
 * @param onExpiry the option taken at expiry; null fails the step
 */
public record Question(
    String kind,
    String prompt,
    List<String> options,
    @Nullable Duration expiresAfter,
    @Nullable String onExpiry) {
  public static final String APPROVE = "approve";
  public static final String REJECT = "reject";
  public static final String SKIP = "skip";

  public Question {
    options = List.copyOf(options);
  }
}
