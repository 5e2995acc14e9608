package io.windlass.store;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row changed in the same transaction as a journal entry. Writes with the same SQL text are
 * sent as one batch, so the text is a constant.
 *
 * @param sql a statement with {@code ?} parameters
 * @param parameters strings, longs, integers, UUIDs and nulls, in order
 */
public record RowWrite(String sql, List<@Nullable Object> parameters) {

  public static RowWrite of(String sql, @Nullable Object... parameters) {
    return new RowWrite(sql, Arrays.asList(parameters));
  }
}
