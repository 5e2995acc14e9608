package io.windlass.chain;

import io.windlass.definition.Finding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What reading a document gave.
 *
 * @param document null when one of the findings is an error
 * @param findings faults and warnings of the schema
 */
public record Reading<D>(@Nullable D document, List<Finding> findings) {}
