package io.windlass.execution;

import org.jspecify.annotations.Nullable;

/**
 * How to repeat an ended execution as a new one.
 *
 * @param fromStep the step to begin at, keeping what finished before it; null for the beginning
 * @param currentDefinition whether to take the newest version instead of the pinned one
 * @param owner the user the new execution will belong to
 * @param origin what asks for it
 * @param limit refuses it when its group is full; null for no limit
 */
public record Rerun(
    @Nullable String fromStep,
    boolean currentDefinition,
    String owner,
    String origin,
    @Nullable AdmissionLimit limit) {
  /** One without a limit. */
  public Rerun(@Nullable String fromStep, boolean currentDefinition, String owner, String origin) {
    this(fromStep, currentDefinition, owner, origin, null);
  }
}
