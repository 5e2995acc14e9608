package io.windlass.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {
  private static final long PAGE = 4096;

  @TempDir Path folder;

  /** Without checkpoints 90,000 pages of changes would make a log of that size. */
  @Test
  @Timeout(60)
  void keepsTheLogSmallWhileOneWriterNeverRests() throws Exception {
    Path file = folder.resolve("db");
    try (Database database = Databases.sqlite(file)) {
      database.write(
          handle -> handle.execute("CREATE TABLE filler (id INTEGER PRIMARY KEY, x BLOB)"));
      long written = 0;
      for (int i = 0; written < 90_000 * PAGE; i++) {
        byte[] block = new byte[64 * (int) PAGE];
        block[0] = (byte) i;
        int id = i % 40;
        database.write(handle ->
            handle.execute("INSERT OR REPLACE INTO filler (id, x) VALUES (?, ?)", id, block));
        written += block.length;
      }
      assertThat(Files.size(Path.of(file + "-wal"))).isLessThan(45_000 * PAGE);
      long rows =
          database.read(
              handle -> handle.createQuery("SELECT count(*) FROM filler").mapTo(Long.class).one());
      assertThat(rows).isEqualTo(40);
    }
    assertThat(Path.of(file + "-wal")).doesNotExist();
  }
}
