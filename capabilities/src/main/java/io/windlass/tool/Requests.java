package io.windlass.tool;

import io.windlass.step.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Questions to people that no step waits for. */
public interface Requests {
  /**
   * A question as it stands.
   *
   * @param id its id in the inbox
   * @param status {@code pending}, {@code approved}, {@code rejected} or {@code expired}
   * @param prompt the question
   * @param expiresAt until when it can be answered
   * @param by who answered; null while nobody has
   * @param reason why, if said
   * @param baseUrl the server's own address, for links
   */
  record Request(
      String id,
      String status,
      String prompt,
      @Nullable Instant expiresAt,
      @Nullable String by,
      @Nullable String reason,
      String baseUrl) {}

  /** Asks, once per step and key: asked again, it is the same question. */
  Request ask(StepContext step, String key, String prompt, Duration expiresAfter);

  /** A question that was asked before by an execution of the same owner. */
  Optional<Request> find(StepContext step, String id);
}
