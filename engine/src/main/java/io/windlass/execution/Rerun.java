package io.windlass.execution;

import org.jspecify.annotations.Nullable;

/**
 * How to repeat an ended execution as a new one.
 *
 * @param fromStep the step to begin at, keeping what finished before it; null for the beginning
 * @param currentDefinition whether to take the newest version instead of the pinned one
 * @param owner the user the new execution will belong to
 * @param origin what asks for it
 */
public record Rerun(
    @Nullable String fromStep, boolean currentDefinition, String owner, String origin) {}
