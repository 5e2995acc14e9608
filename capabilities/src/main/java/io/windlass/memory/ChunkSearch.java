package io.windlass.memory;

import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds pieces: by meaning when they were kept with the embedding model, else by words. */
final class ChunkSearch {
  private static final int MOST_WORDS = 100;

  private final ChunkStore chunks;
  private final @Nullable Embedder embedder;

  ChunkSearch(ChunkStore chunks, @Nullable Embedder embedder) {
    this.chunks = chunks;
    this.embedder = embedder;
  }

  /** The nearest pieces, the nearest first. */
  List<ChunkStore.Found> find(StepContext context, Drawer drawer, String query, int most)
      throws Exception {
    if (embedder != null) {
      long withVectors = chunks.count(drawer, embedder.model());
      long all = chunks.count(drawer);
      if (withVectors < all) {
        context.log(
            LogLevel.WARN,
            "%d of %d pieces of \"%s\" were indexed without %s; %s"
                .formatted(
                    all - withVectors,
                    all,
                    drawer.scope(),
                    embedder.model(),
                    withVectors == 0
                        ? "they are searched by words: index them again"
                        : "they are left out: index them again"));
      }
      if (withVectors > 0) {
        float[] vector = embedder.embed(List.of(query)).getFirst();
        return chunks.nearest(drawer, embedder.model(), vector, most);
      }
    }
    List<String> words = Words.of(query).telling();
    return chunks.withWords(drawer, words.subList(0, Math.min(words.size(), MOST_WORDS)), most);
  }
}
