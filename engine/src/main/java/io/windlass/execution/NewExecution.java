package io.windlass.execution;

import io.windlass.kernel.ExecutionId;
import org.jspecify.annotations.Nullable;

/**
 * What a new execution's row holds besides what everybody sees.
 *
 * @param parentKey which of its parent's questions it answers; null without a parent
 * @param depth how many ancestors it has
 * @param afterRun the execution that must end first; null for none
 * @param admission the group that its running counts for; null for none
 */
record NewExecution(
    @Nullable String parentKey,
    int depth,
    @Nullable ExecutionId afterRun,
    @Nullable String admission) {}
