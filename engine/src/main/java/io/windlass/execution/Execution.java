package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of one pinned version of a definition: its row, without its steps.
 *
 * @param id engine id
 * @param publicId the id that its surface shows
 * @param kind the definition's kind
 * @param name the definition's name
 * @param versionId the pinned version
 * @param origin what started it: a surface's name, {@code schedule}, {@code parent}
 * @param owner the user it belongs to
 * @param status where it stands
 * @param input its input
 * @param result its result; null before it succeeded
 * @param error why it failed or who cancelled it
 * @param usage what its model calls consumed
 * @param createdAt when it was accepted
 * @param finishedAt when it ended
 * @param parent the execution that started it as a step
 * @param rerunOf the execution that it repeats
 * @param epoch how often it was picked
 * @param node the node that runs it, or ran it last
 */
public record Execution(
    ExecutionId id,
    String publicId,
    String kind,
    String name,
    UUID versionId,
    String origin,
    String owner,
    ExecutionStatus status,
    ObjectNode input,
    @Nullable JsonNode result,
    @Nullable String error,
    Usage usage,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable ExecutionId parent,
    @Nullable ExecutionId rerunOf,
    long epoch,
    @Nullable String node) {

  /** This row as it stands after its end. */
  Execution ended(ExecutionStatus how, Instant at) {
    return new Execution(
        id, publicId, kind, name, versionId, origin, owner, how, input, result, error, usage,
        createdAt, at, parent, rerunOf, epoch, node);
  }

  /** Milliseconds from acceptance to the end; null while it has not ended. */
  public @Nullable Long durationMs() {
    return finishedAt == null ? null : finishedAt.toEpochMilli() - createdAt.toEpochMilli();
  }
}
