package io.windlass.journal;

import io.windlass.kernel.ExecutionId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who follows which execution. */
final class Tails {
  private final ConcurrentHashMap<ExecutionId, Set<FollowingTail>> followers =
      new ConcurrentHashMap<>();
  private final JournalReader reader;
  private final boolean shared;

  /**
   * @param shared whether another process may write the journal, so that it must be polled
   */
  Tails(JournalReader reader, boolean shared) {
    this.reader = reader;
    this.shared = shared;
  }

  Tail open(ExecutionId execution, long afterNumber) {
    FollowingTail tail = new FollowingTail(this, reader, execution, afterNumber, shared);
    followers.compute(
        execution,
        (_, tails) -> {
          Set<FollowingTail> all = tails == null ? ConcurrentHashMap.newKeySet() : tails;
          all.add(tail);
          return all;
        });
    return tail;
  }

  void leave(ExecutionId execution, FollowingTail tail) {
    followers.computeIfPresent(
        execution,
        (_, tails) -> {
          tails.remove(tail);
          return tails.isEmpty() ? null : tails;
        });
  }

  void recorded(ExecutionId execution, List<Entry> entries) {
    Set<FollowingTail> tails = followers.get(execution);
    if (tails != null) {
      tails.forEach(tail -> entries.forEach(entry -> tail.offer(new Tail.Recorded(entry))));
    }
  }

  void live(ExecutionId execution, Event.StepOutput output) {
    Set<FollowingTail> tails = followers.get(execution);
    if (tails != null) {
      tails.forEach(tail -> tail.offer(new Tail.Live(output)));
    }
  }

  /** The journal of an execution has grown by somebody else's hand. */
  void look(ExecutionId execution) {
    Set<FollowingTail> tails = followers.get(execution);
    if (tails != null) {
      tails.forEach(FollowingTail::look);
    }
  }

  /** Any journal may have grown. */
  void lookAll() {
    followers.values().forEach(tails -> tails.forEach(FollowingTail::look));
  }
}
