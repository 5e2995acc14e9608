package io.windlass.surface.unified;

import io.windlass.kernel.Page;
import io.windlass.kernel.WindlassException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** A part of a list on the wire. */
@JsonNaming(SnakeCaseStrategy.class)
record PageJson<T>(List<T> items, @Nullable String nextCursor) {

  static <S, T> PageJson<T> of(Page<S> page, Predicate<S> visible, Function<S, T> wire) {
    return new PageJson<>(
        page.items().stream().filter(visible).map(wire).toList(), page.nextCursor());
  }

  /**
   * Pages a list that is in memory as a whole. The cursor is the key of the last item shown, so
   * that items that come and go in between move nothing.
   *
   * @param sorted ascending by key, each key once
   */
  static <S, T> PageJson<T> cut(
      List<S> sorted,
      Function<S, String> key,
      @Nullable String cursor,
      int limit,
      Function<S, T> wire) {
    String after = cursor == null ? null : decode(cursor);
    List<S> rest =
        sorted.stream()
            .filter(item -> after == null || key.apply(item).compareTo(after) > 0)
            .limit(limit + 1L)
            .toList();
    boolean more = rest.size() > limit;
    List<S> shown = more ? rest.subList(0, limit) : rest;
    return new PageJson<>(
        shown.stream().map(wire).toList(), more ? encode(key.apply(shown.getLast())) : null);
  }

  private static String encode(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String cursor) {
    try {
      return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new WindlassException(
          io.windlass.kernel.ErrorCode.INVALID_INPUT,
          "cursor '" + cursor + "' is none of ours: take the next_cursor of the page before",
          e);
    }
  }
}
