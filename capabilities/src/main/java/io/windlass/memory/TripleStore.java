package io.windlass.memory;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.store.Database;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** Facts of three words by scope. */
final class TripleStore {
  static final int MOST_TRIPLES = 50_000;
  private final Supplier<Database> database;

  TripleStore(Supplier<Database> database) {
    this.database = database;
  }

  /** A fact; as a pattern, what is empty may be anything. */
  record Triple(String subject, String predicate, String object) {}

  /** Adds facts; those that are known already stay as they are. */
  void add(Drawer drawer, List<Triple> triples, Instant now) {
    database
        .get()
        .write(handle -> {
          for (Triple triple : triples) {
            handle
                .createUpdate(
                    """
                    INSERT INTO memory_triple
                      (owner, scope, hash, subject, predicate, object, created_at)
                    VALUES (:owner, :scope, :hash, :subject, :predicate, :object, :now)
                    ON CONFLICT (owner, scope, hash) DO NOTHING\
                    """)
                .bind("owner", drawer.owner())
                .bind("scope", drawer.scope())
                .bind("hash", Digest.of(triple.subject(), triple.predicate(), triple.object()))
                .bind("subject", triple.subject())
                .bind("predicate", triple.predicate())
                .bind("object", triple.object())
                .bind("now", now.toEpochMilli())
                .execute();
          }
          long all =
              handle
                  .createQuery(
                      """
                      SELECT count(*) FROM memory_triple WHERE owner = :owner AND scope = :scope\
                      """)
                  .bind("owner", drawer.owner())
                  .bind("scope", drawer.scope())
                  .mapTo(Long.class)
                  .one();
          if (all > MOST_TRIPLES) {
            throw new WindlassException(
                ErrorCode.TOO_LARGE,
                "graph_query: the scope \"%s\" would hold %d triples, more than the %d that it may; use another scope"
                    .formatted(drawer.scope(), all, MOST_TRIPLES));
          }
          return all;
        });
  }

  List<Triple> find(Drawer drawer, Triple pattern, int most) {
    return database
        .get()
        .read(handle ->
            handle
                .createQuery(
                    """
                    SELECT subject, predicate, object FROM memory_triple
                    WHERE owner = :owner AND scope = :scope
                      AND (:subject = '' OR subject = :subject)
                      AND (:predicate = '' OR predicate = :predicate)
                      AND (:object = '' OR object = :object)
                    ORDER BY created_at, hash LIMIT :most\
                    """)
                .bind("owner", drawer.owner())
                .bind("scope", drawer.scope())
                .bind("subject", pattern.subject())
                .bind("predicate", pattern.predicate())
                .bind("object", pattern.object())
                .bind("most", most)
                .map((row, _) -> new Triple(row.getString(1), row.getString(2), row.getString(3)))
                .list());
  }
}
