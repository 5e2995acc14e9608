package io.windlass.execution;

import io.windlass.step.Usage;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One step of an execution as its journal tells it; the last visit of a node visited often.
 *
 * @param id the node's id
 * @param label the node's label
 * @param kind the step's kind
 * @param status where it stands
 * @param visits how often it was begun
 * @param attempts attempts of the last visit
 * @param output its output; null before it is done, and in summaries
 * @param error why it failed
 * @param startedAt when its last visit began
 * @param finishedAt when it ended
 * @param durationMs from its beginning to its end, waits and failed attempts included
 * @param usage what its model calls consumed
 */
public record StepView(
    String id,
    String label,
    String kind,
    StepStatus status,
    int visits,
    int attempts,
    @Nullable JsonNode output,
    @Nullable String error,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Long durationMs,
    Usage usage) {}
