package io.windlass.execution;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An execution's row with what only the engine needs of it.
 *
 * @param cancelBy what was asked of whoever runs it and has not been heeded
 */
record StoredExecution(
    Execution execution,
    @Nullable String steps,
    @Nullable String parentKey,
    int depth,
    @Nullable String admission,
    @Nullable Instant wakeAt,
    @Nullable String cancelBy) {}
