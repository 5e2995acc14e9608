package io.windlass.definition;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One version of a named document that can be run.
 *
 * @param versionId the id of this version, which executions pin
 * @param kind {@code chain}, {@code pipeline}, …
 * @param name its key in the API
 * @param version from 1, one more with each save
 * @param source the document as it was saved
 * @param outline what lists show of it; null when the document is broken
 * @param fault what is wrong with a broken document; null when it is sound
 * @param createdAt when this version was saved
 */
public record Definition(
    UUID versionId,
    String kind,
    String name,
    int version,
    String source,
    @Nullable Outline outline,
    @Nullable String fault,
    Instant createdAt) {}
