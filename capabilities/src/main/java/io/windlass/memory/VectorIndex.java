package io.windlass.memory;

import io.windlass.step.LogLevel;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pre-tool {@code vector_index}: cuts a text, or a file of the workspace, into pieces that
 * {@code vector_query} finds. The same source again takes the place of what was kept of it.
 */
final class VectorIndex implements PreTool {
  static final int SIZE = 512;
  private static final int SMALLEST = 4;
  private static final int LARGEST = 8_000;
  private static final int LONGEST_SOURCE = 2_000_000;
  private static final int LONGEST_PATH = 1_000;
  private static final int TEXTS_AT_ONCE = 64;

  private final ChunkStore chunks;
  private final Memory.Surroundings surroundings;

  VectorIndex(ChunkStore chunks, Memory.Surroundings surroundings) {
    this.chunks = chunks;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "vector_index";
  }

  @Override
  public List<String> required() {
    return List.of("source");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  private record Given(String name, String text) {}

  @Override
  public String run(PreToolCall call) throws Exception {
    int size = call.count("chunk_size", SIZE, SMALLEST, LARGEST);
    Drawer drawer = Drawer.of(call, "collection", surroundings);
    Given given = given(call);
    List<String> texts = Chunks.of(given.text(), size);
    Embedder embedder = surroundings.embedder();
    List<float[]> vectors = embedder == null ? List.of() : vectors(embedder, texts);
    chunks.replace(
        drawer,
        new ChunkStore.Source(
            given.name(), texts, embedder == null ? null : embedder.model(), vectors),
        call.context().clock().instant());
    if (texts.isEmpty()) {
      call.context().log(LogLevel.WARN, "vector_index: the source is empty, nothing is indexed");
    }
    return "Indexed %d pieces of %s in the collection \"%s\" (%s)"
        .formatted(
            texts.size(),
            given.name(),
            drawer.scope(),
            embedder == null ? "full-text search" : embedder.model());
  }

  private Given given(PreToolCall call) throws IOException {
    String source = call.text("source");
    String id = Drawer.checked("id", call.text("id").trim(), LONGEST_PATH);
    String path = source.strip();
    if (!path.isEmpty() && path.length() <= LONGEST_PATH && path.indexOf('\n') < 0) {
      Optional<String> file = surroundings.files().read(path, LONGEST_SOURCE + 1);
      if (file.isPresent()) {
        return new Given(
            id.isEmpty() ? path : id, Drawer.checked("source", file.get(), LONGEST_SOURCE));
      }
    }
    String text = Drawer.checked("source", source, LONGEST_SOURCE);
    return new Given(id.isEmpty() ? "text " + Digest.of(text).substring(0, 12) : id, text);
  }

  private static List<float[]> vectors(Embedder embedder, List<String> texts) throws Exception {
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += TEXTS_AT_ONCE) {
      int to = Math.min(texts.size(), from + TEXTS_AT_ONCE);
      vectors.addAll(embedder.embed(texts.subList(from, to)));
    }
    return vectors;
  }
}
