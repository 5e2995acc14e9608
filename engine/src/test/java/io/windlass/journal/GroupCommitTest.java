package io.windlass.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.store.RowWrite;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class GroupCommitTest {
  private static final String CHANGE = "UPDATE idempotency SET request = ? WHERE owner = ?";
  private static final String INSERT =
      "INSERT INTO idempotency (owner, key, execution, request, created_at) VALUES (?, 'k', ?, ?, 1)";
  private static final String EXECUTION =
      """
      INSERT INTO execution (id, public_id, kind, name, version_id, origin, owner, status, input,
        created_at, epoch)
      VALUES (?, ?, 'code', 'x', ?, 'test', 'me', 'RUNNING', '{}', 1, 1)\
      """;
  @TempDir Path folder;

  @Test
  void changesARowThatItInserts_whenAnotherAppendChangesFirst() throws InterruptedException {
    Semaphore mayGoOn = new Semaphore(2);
    Semaphore committed = new Semaphore(0);
    TimeOrderedIds ids = new TimeOrderedIds(InstantSource.system(), new Random(1));
    try (Database database = Databases.sqlite(folder.resolve("windlass.db"));
        Journal journal =
            new Journal(
                "n",
                database,
                InstantSource.system(),
                (_, _) -> {
                  committed.release();
                  mayGoOn.acquireUninterruptibly();
                })) {
      ExecutionLog first = journal.log(new ExecutionId(ids.next()), 1, 0);
      ExecutionLog second = journal.log(new ExecutionId(ids.next()), 1, 0);
      first.begin(List.of(row(first)), List.of(new Event.ExecutionWaiting())).await();
      second.begin(List.of(row(second)), List.of(new Event.ExecutionWaiting())).await();
      var _ = first.append(List.of(new Event.ExecutionWaiting()));
      // What is appended while this one is told of goes into one transaction.
      committed.acquire(3);
      var _ =
          first.append(
              List.of(new Event.ExecutionWaiting()), List.of(RowWrite.of(CHANGE, "x", "nobody")));
      ExecutionLog.Durable both =
          second.append(
              List.of(new Event.ExecutionWaiting()),
              List.of(
                  RowWrite.of(INSERT, "me", second.execution().value(), "as inserted"),
                  RowWrite.of(CHANGE, "as changed", "me")));
      mayGoOn.release(9);
      both.await();
      assertThat(
              database.<String>read(handle ->
                  handle
                      .createQuery("SELECT request FROM idempotency WHERE owner = 'me'")
                      .mapTo(String.class)
                      .one()))
          .isEqualTo("as changed");
    }
  }

  private static RowWrite row(ExecutionLog log) {
    return RowWrite.of(
        EXECUTION, log.execution().value(), log.execution().hex(), log.execution().value());
  }
}
