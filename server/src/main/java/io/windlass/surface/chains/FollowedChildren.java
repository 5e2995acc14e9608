package io.windlass.surface.chains;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The executions that a followed one has started, each with its own follower: one that runs is
 * relayed beside its parent, one of the past is told, or passed over, where it ended.
 */
final class FollowedChildren {
  /** What is cancelled with its parent ends a moment later. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Function<Event.ChildStarted, Follower> maker;
  private final Map<ExecutionId, Event.ChildStarted> unheard = new LinkedHashMap<>();
  private final Map<ExecutionId, Relay> relays = new HashMap<>();

  /** Kept to the end: a child that is resumed goes on where it had ended. */
  private final Map<ExecutionId, Follower> followers = new HashMap<>();

  FollowedChildren(Function<Event.ChildStarted, Follower> maker) {
    this.maker = maker;
  }

  /** Whether there is one that began and is neither told nor relayed yet. */
  boolean anyUnheard() {
    return !unheard.isEmpty();
  }

  void started(Event.ChildStarted child) {
    unheard.put(child.child(), child);
  }

  /**
   * Returns when all of it is told.
   *
   * @param known whether the client has heard it
   */
  void ended(ExecutionId child, boolean known) throws IOException, InterruptedException {
    Event.ChildStarted untold = unheard.remove(child);
    if (untold != null && known) {
      follower(untold).passOver();
    } else if (untold != null) {
      Relay.start(follower(untold)).drain();
    }
    Relay relay = relays.remove(child);
    if (relay != null) {
      relay.drain();
    }
  }

  /** Relays those that run now. */
  void relay() throws InterruptedException {
    for (Event.ChildStarted child : unheard.values()) {
      Relay before = relays.remove(child.child());
      if (before != null) {
        before.drain();
      }
      relays.put(child.child(), Relay.start(follower(child)));
    }
    unheard.clear();
  }

  /**
   * Lets those that were cut short with their parent say their last words before it.
   *
   * @param known whether the client has heard them
   */
  void finish(boolean known) throws IOException, InterruptedException {
    for (Event.ChildStarted child : unheard.values()) {
      if (known) {
        follower(child).passOver();
      } else {
        Relay.start(follower(child)).await(LAST_WORDS);
      }
    }
    unheard.clear();
    for (Relay relay : relays.values()) {
      relay.await(LAST_WORDS);
    }
    relays.clear();
  }

  /** Follows none any further. */
  void stop() {
    relays.values().forEach(Relay::stop);
  }

  private Follower follower(Event.ChildStarted child) {
    return followers.computeIfAbsent(child.child(), _ -> maker.apply(child));
  }
}
