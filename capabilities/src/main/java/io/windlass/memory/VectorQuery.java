package io.windlass.memory;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The pre-tool {@code vector_query}: the pieces of a collection that are nearest to a question, by
 * meaning when they were indexed with the embedding model, else by words.
 */
final class VectorQuery implements PreTool {
  private static final int LONGEST_QUERY = 20_000;

  private final ChunkStore chunks;
  private final Memory.Surroundings surroundings;

  VectorQuery(ChunkStore chunks, Memory.Surroundings surroundings) {
    this.chunks = chunks;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "vector_query";
  }

  @Override
  public List<String> required() {
    return List.of("query");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String query = Drawer.required("query", call.text("query"), LONGEST_QUERY);
    int most = call.count("top_k", 5, 1, 100);
    String format = call.text("format").trim().toLowerCase(Locale.ROOT);
    if (!format.isEmpty() && !format.equals("text") && !format.equals("json")) {
      throw WindlassException.invalid("format must be text or json, not \"" + format + "\"");
    }
    Drawer drawer = Drawer.of(call, "collection", surroundings);
    List<ChunkStore.Found> found =
        new ChunkSearch(chunks, surroundings.embedder()).find(call.context(), drawer, query, most);
    if (found.isEmpty() && chunks.count(drawer) == 0) {
      call.context()
          .log(
              LogLevel.WARN,
              "vector_query: the collection \"%s\" is empty; vector_index fills it"
                  .formatted(drawer.scope()));
    }
    return format.equals("json") ? json(found) : text(found);
  }

  private static String text(List<ChunkStore.Found> found) {
    return found.stream().map(ChunkStore.Found::text).collect(Collectors.joining("\n\n---\n\n"));
  }

  private static String json(List<ChunkStore.Found> found) {
    return Json.write(
        found.stream()
            .map(one ->
                Map.of("text", one.text(), "source", one.source(), "score", rounded(one.score())))
            .toList());
  }

  private static double rounded(double score) {
    return Math.round(score * 10_000) / 10_000.0;
  }
}
