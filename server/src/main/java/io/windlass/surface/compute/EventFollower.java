package io.windlass.surface.compute;

import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a viewer the events of an execution: what has happened, then what happens, up to its end.
 * Executions that its steps start are followed beside it, each on a virtual thread, and to their
 * end before their step, or all of it, is told to have ended. One that is resumed with its parent
 * goes on where it had ended.
 */
final class EventFollower {
  private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration STOP_WITHIN = Duration.ofMillis(500);

  /** What is cancelled with its parent ends a moment later. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private static final int PAGE = 500;

  private final Executions executions;
  private final ExecutionId id;
  private final ComputeEvents events;
  private final EventViewer viewer;
  private final ReentrantLock lock;
  private final boolean outermost;
  private final Map<ExecutionId, Inner> inner = new HashMap<>();
  private long passed;
  private volatile boolean stopped;
  private volatile boolean lastWords;

  /** A follower on a thread of its own, which may have come to an end. */
  private record Inner(EventFollower follower, Thread thread) {}

  EventFollower(EventSources sources, ExecutionId id, EventViewer viewer) {
    this(
        sources.executions(),
        id,
        new ComputeEvents(id, sources, false),
        viewer,
        new ReentrantLock(),
        true);
  }

  private EventFollower(
      Executions executions,
      ExecutionId id,
      ComputeEvents events,
      EventViewer viewer,
      ReentrantLock lock,
      boolean outermost) {
    this.executions = executions;
    this.id = id;
    this.events = events;
    this.viewer = viewer;
    this.lock = lock;
    this.outermost = outermost;
  }

  /**
   * Shows everything from where it came to, which is the beginning at first; returns after the end,
   * or when it is told to stop.
   *
   * @throws IOException when the viewer has gone
   */
  void follow() throws IOException, InterruptedException {
    try (Tail tail = executions.tail(id, passed)) {
      boolean ended = false;
      Duration quiet = Duration.ZERO;
      while (!ended && !stopped) {
        Optional<Tail.Seen> seen = tail.next(STOP_WITHIN);
        if (seen.isEmpty()) {
          quiet = quiet.plus(STOP_WITHIN);
          if (outermost && quiet.compareTo(HEARTBEAT) >= 0) {
            quiet = Duration.ZERO;
            show(null);
          }
          ended = lastWords;
        } else if (seen.get() instanceof Tail.Recorded(Entry entry)) {
          quiet = Duration.ZERO;
          ended = recorded(entry);
          passed = entry.number();
        }
      }
    } finally {
      inner.values().forEach(one -> one.follower().stop());
    }
  }

  /** Ends it soon, from any thread. */
  void stop() {
    stopped = true;
  }

  /** True when this is the end, or that of this try for one that another execution waits for. */
  private boolean recorded(Entry entry) throws IOException, InterruptedException {
    if (entry.event() instanceof Event.ChildEnded ended) {
      Inner one = inner.get(ended.child());
      if (one != null) {
        one.follower().lastWords = true;
        one.thread().join();
      }
    }
    boolean end = isEnd(entry.event());
    if (end) {
      for (Inner one : inner.values()) {
        one.thread().join(LAST_WORDS);
      }
      if (outermost && goesOnAfter(entry.number())) {
        return false;
      }
    }
    show(entry);
    if (entry.event() instanceof Event.ChildStarted child) {
      begin(child);
    }
    return end;
  }

  private void show(@Nullable Entry entry) throws IOException {
    lock.lock();
    try {
      if (entry == null) {
        viewer.idle();
        return;
      }
      for (ComputeEvent event : events.of(entry)) {
        viewer.show(event);
      }
    } finally {
      lock.unlock();
    }
  }

  private void begin(Event.ChildStarted child) throws InterruptedException {
    Inner before = inner.get(child.child());
    EventFollower follower;
    if (before == null) {
      try {
        ComputeEvents its = events.of(child);
        follower = new EventFollower(executions, child.child(), its, viewer, lock, false);
      } catch (WindlassException e) {
        LOG.debug("execution {} cannot be followed", child.publicId(), e);
        return;
      }
    } else {
      follower = before.follower();
      follower.lastWords = true;
      before.thread().join();
      follower.lastWords = false;
      follower.stopped = false;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("follow-child")
            .start(() -> {
              try {
                follower.follow();
              } catch (IOException e) {
                LOG.debug("a viewer has gone", e);
                stop();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.warn("execution {} cannot be followed", child.publicId(), e);
              }
            });
    inner.put(child.child(), new Inner(follower, thread));
  }

  /** An end that was followed by a resume is history. */
  private boolean goesOnAfter(long number) {
    return executions.entries(id, number, PAGE).stream()
        .anyMatch(entry -> entry.event() instanceof Event.ExecutionTaken);
  }

  private static boolean isEnd(Event event) {
    return event instanceof Event.ExecutionSucceeded
        || event instanceof Event.ExecutionFailed
        || event instanceof Event.ExecutionCancelled;
  }
}
