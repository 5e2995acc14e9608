package io.windlass.approval;

import io.windlass.kernel.ExecutionId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question to a person, and its answer once given.
 *
 * @param id its id
 * @param execution the execution that waits
 * @param publicId that execution's public id
 * @param definitionKind the kind of its definition
 * @param definitionName the name of its definition
 * @param owner the user whose execution it is
 * @param step the step that asks
 * @param key the step's own name for the question
 * @param kind {@code gate}, {@code tool}, {@code recovery}, {@code budget}, …
 * @param prompt the question
 * @param options the answers that can be given, the consenting one first
 * @param requestedAt when it was asked
 * @param executionStartedAt when the execution was accepted
 * @param expiresAt when time decides; null for never
 * @param onExpiry the option taken then; null fails the step
 * @param decision what was decided; null while open
 */
public record Approval(
    UUID id,
    ExecutionId execution,
    String publicId,
    String definitionKind,
    String definitionName,
    String owner,
    String step,
    String key,
    String kind,
    String prompt,
    List<String> options,
    Instant requestedAt,
    Instant executionStartedAt,
    @Nullable Instant expiresAt,
    @Nullable String onExpiry,
    @Nullable Decision decision) {
  public Approval {
    options = List.copyOf(options);
  }

  public boolean isOpen() {
    return decision == null;
  }
}
