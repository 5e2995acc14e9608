package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Reads the table until it has caught up, then takes what the writer hands over. A viewer that is
 * too slow for its queue loses nothing: the next entry shows the gap, which is read from the table.
 */
final class FollowingTail implements Tail {
  private static final int QUEUE = 1024;
  private static final int PAGE = 200;

  /** How often a tail looks for itself where other servers' announcements may get lost. */
  private static final Duration POLL = Duration.ofSeconds(2);

  private static final Optional<Seen> LOOK = Optional.empty();

  private final Tails tails;
  private final JournalReader reader;
  private final ExecutionId execution;
  private final boolean poll;
  private final BlockingQueue<Optional<Seen>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final ArrayDeque<Entry> read = new ArrayDeque<>();
  private final ArrayDeque<Live> free = new ArrayDeque<>();
  private final EarlyOutput early;
  private long last;
  private boolean caughtUp;
  private volatile boolean overflowed;

  FollowingTail(
      Tails tails, JournalReader reader, ExecutionId execution, long afterNumber, boolean poll) {
    this.tails = tails;
    this.reader = reader;
    this.execution = execution;
    this.last = afterNumber;
    this.early = new EarlyOutput(() -> runningAt(afterNumber));
    this.poll = poll;
  }

  void offer(Seen seen) {
    if (!queue.offer(Optional.of(seen))) {
      overflowed = true;
    }
  }

  /** There is more to read in the table. */
  void look() {
    if (!queue.offer(LOOK)) {
      overflowed = true;
    }
  }

  @Override
  public Optional<Seen> next(Duration atMost) throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      if (!free.isEmpty()) {
        return Optional.of(free.removeFirst());
      }
      if (!read.isEmpty()) {
        return Optional.of(deliver(read.removeFirst()));
      }
      if (!caughtUp) {
        read.addAll(reader.after(execution, last, PAGE));
        caughtUp = read.isEmpty();
        continue;
      }
      long left = deadline - System.nanoTime();
      boolean mustPoll = poll || overflowed;
      Optional<Seen> handed =
          queue.poll(mustPoll ? Math.min(left, POLL.toNanos()) : left, TimeUnit.NANOSECONDS);
      if (handed == null) {
        caughtUp = !mustPoll;
        overflowed = false;
        if (System.nanoTime() >= deadline) {
          return Optional.empty();
        }
      } else if (handed.isEmpty()) {
        caughtUp = false;
      } else {
        switch (handed.get()) {
          case Live live -> {
            if (!early.holds(live)) {
              return Optional.of(live);
            }
          }
          case Recorded(Entry entry) -> {
            if (entry.number() == last + 1) {
              return Optional.of(deliver(entry));
            }
            // An older one was read from the table already; a later one shows a gap to read.
            caughtUp = entry.number() <= last;
          }
        }
      }
    }
  }

  private Seen deliver(Entry entry) {
    last = entry.number();
    free.addAll(early.recorded(entry.event()));
    return new Recorded(entry);
  }

  private Set<String> runningAt(long number) {
    Set<String> running = new HashSet<>();
    long seen = 0;
    while (seen < number) {
      List<Entry> page = reader.after(execution, seen, PAGE);
      if (page.isEmpty()) {
        break;
      }
      for (Entry entry : page) {
        seen = entry.number();
        if (seen <= number) {
          EarlyOutput.note(running, entry.event());
        }
      }
    }
    return running;
  }

  @Override
  public void close() {
    tails.leave(execution, this);
  }
}
