package io.windlass.memory;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Pieces of texts by collection, found by their words or by their vectors. */
final class ChunkStore {
  static final int MOST_CHUNKS = 20_000;
  private static final int PAGE = 500;

  private final Supplier<Database> database;

  ChunkStore(Supplier<Database> database) {
    this.database = database;
  }

  /** A piece that was found. */
  record Found(String source, String text, double score) {}

  /** What is to be kept of a source; each vector belongs to the text at its place. */
  record Source(String name, List<String> texts, @Nullable String model, List<float[]> vectors) {}

  /** Keeps a source's pieces in the place of what was kept of it before. */
  void replace(Drawer drawer, Source source, Instant now) {
    database
        .get()
        .write(handle -> {
          handle
              .createUpdate(
                  """
                  DELETE FROM memory_chunk
                  WHERE owner = :owner AND collection = :collection AND source = :source\
                  """)
              .bind("owner", drawer.owner())
              .bind("collection", drawer.scope())
              .bind("source", source.name())
              .execute();
          long others = count(handle, drawer);
          if (others + source.texts().size() > MOST_CHUNKS) {
            throw new WindlassException(
                ErrorCode.TOO_LARGE,
                "the collection \"%s\" would hold %d pieces, more than the %d that it may; use larger pieces or another collection"
                    .formatted(drawer.scope(), others + source.texts().size(), MOST_CHUNKS));
          }
          return insert(handle, drawer, source, now);
        });
  }

  /** The pieces that were kept last, the newest first. */
  List<Found> newest(Drawer drawer, int most) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT source, text FROM memory_chunk
                    WHERE owner = :owner AND collection = :collection
                    ORDER BY id DESC LIMIT :most\
                    """)
                .bind("owner", drawer.owner())
                .bind("collection", drawer.scope())
                .bind("most", most)
                .map((row, _) -> new Found(row.getString(1), row.getString(2), 0))
                .list());
  }

  /** Forgets a source; how many of its pieces there were. */
  int remove(Drawer drawer, String source) {
    return database
        .get()
        .write(handle ->
            handle
                .createUpdate(
                    """
                    DELETE FROM memory_chunk
                    WHERE owner = :owner AND collection = :collection AND source = :source\
                    """)
                .bind("owner", drawer.owner())
                .bind("collection", drawer.scope())
                .bind("source", source)
                .execute());
  }

  private static int insert(Handle handle, Drawer drawer, Source source, Instant now) {
    if (source.texts().isEmpty()) {
      return 0;
    }
    var batch =
        handle.prepareBatch(
            """
            INSERT INTO memory_chunk
              (owner, collection, source, position, text, plain, model, vector, created_at)
            VALUES (:owner, :collection, :source, :position, :text, :plain, :model, :vector, :now)\
            """);
    for (int i = 0; i < source.texts().size(); i++) {
      batch
          .bind("owner", drawer.owner())
          .bind("collection", drawer.scope())
          .bind("source", source.name())
          .bind("position", i)
          .bind("text", source.texts().get(i))
          .bind("plain", String.join(" ", Words.listed(source.texts().get(i))))
          .bind("model", source.model())
          .bind("vector", source.model() == null ? null : Vectors.bytes(source.vectors().get(i)))
          .bind("now", now.toEpochMilli())
          .add();
    }
    return batch.execute().length;
  }

  private static long count(Handle handle, Drawer drawer) {
    return handle
        .createQuery(
            """
            SELECT count(*) FROM memory_chunk WHERE owner = :owner AND collection = :collection\
            """)
        .bind("owner", drawer.owner())
        .bind("collection", drawer.scope())
        .mapTo(Long.class)
        .one();
  }

  /** How many pieces a collection has in all. */
  long count(Drawer drawer) {
    return database.get().read(handle -> count(handle, drawer));
  }

  /** How many pieces a collection has with vectors of a model. */
  long count(Drawer drawer, String model) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT count(*) FROM memory_chunk
                    WHERE owner = :owner AND collection = :collection AND model = :model\
                    """)
                .bind("owner", drawer.owner())
                .bind("collection", drawer.scope())
                .bind("model", model)
                .mapTo(Long.class)
                .one());
  }

  /** The pieces with the vectors nearest to one, the nearest first. */
  List<Found> nearest(Drawer drawer, String model, float[] vector, int most) {
    PriorityQueue<Ranked> best = new PriorityQueue<>(Comparator.comparingDouble(Ranked::score));
    long after = 0;
    while (true) {
      List<Row> rows = page(drawer, model, after);
      for (Row row : rows) {
        best.add(new Ranked(row.id(), Vectors.cosine(vector, row.vector())));
        if (best.size() > most) {
          best.poll();
        }
      }
      if (rows.size() < PAGE) {
        return found(best);
      }
      after = rows.getLast().id();
    }
  }

  private record Ranked(long id, double score) {}

  private record Row(long id, byte[] vector) {}

  private List<Row> page(Drawer drawer, String model, long after) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT id, vector FROM memory_chunk
                    WHERE owner = :owner AND collection = :collection AND model = :model
                      AND id > :after
                    ORDER BY id LIMIT :page\
                    """)
                .bind("owner", drawer.owner())
                .bind("collection", drawer.scope())
                .bind("model", model)
                .bind("after", after)
                .bind("page", PAGE)
                .map((row, _) -> new Row(row.getLong(1), row.getBytes(2)))
                .list());
  }

  private List<Found> found(PriorityQueue<Ranked> best) {
    List<Ranked> ranked = new ArrayList<>(best);
    ranked.sort(Comparator.comparingDouble(Ranked::score).reversed());
    List<Found> found = new ArrayList<>();
    for (Ranked one : ranked) {
      database
          .get()
          .read(handle ->
              handle
                  .createQuery("SELECT source, text FROM memory_chunk WHERE id = :id")
                  .bind("id", one.id())
                  .map((row, _) -> new Found(row.getString(1), row.getString(2), one.score()))
                  .findOne())
          .ifPresent(found::add);
    }
    return found;
  }

  /** The pieces that hold any of the words, those with the most telling ones first. */
  List<Found> withWords(Drawer drawer, List<String> words, int most) {
    if (words.isEmpty()) {
      return List.of();
    }
    boolean sqlite = database.get().dialect().name().equals("sqlite");
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(sqlite ? SQLITE_WORDS : POSTGRES_WORDS)
                .bind("words", sqlite ? anyOfSqlite(words) : anyOfPostgres(words))
                .bind("owner", drawer.owner())
                .bind("collection", drawer.scope())
                .bind("most", most)
                .map((row, _) -> new Found(row.getString(1), row.getString(2), row.getDouble(3)))
                .list());
  }

  private static final String SQLITE_WORDS =
      """
      SELECT c.source, c.text, -bm25(memory_chunk_words) AS score
      FROM memory_chunk_words JOIN memory_chunk c ON c.id = memory_chunk_words.rowid
      WHERE memory_chunk_words MATCH :words AND c.owner = :owner AND c.collection = :collection
      ORDER BY score DESC, c.id LIMIT :most\
      """;

  private static final String POSTGRES_WORDS =
      """
      SELECT c.source, c.text, ts_rank(c.words, query, 1) AS score
      FROM memory_chunk c, to_tsquery('simple', :words) AS query
      WHERE c.words @@ query AND c.owner = :owner AND c.collection = :collection
      ORDER BY score DESC, c.id LIMIT :most\
      """;

  /** The words are letters and digits only, so quotes are all that they need. */
  private static String anyOfSqlite(List<String> words) {
    return "\"" + String.join("\" OR \"", words) + "\"";
  }

  private static String anyOfPostgres(List<String> words) {
    return "'" + String.join("' | '", words) + "'";
  }
}
