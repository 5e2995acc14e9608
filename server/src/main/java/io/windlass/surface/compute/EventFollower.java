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
 * end before their step is told to be done.
 */
final class EventFollower {
  private static final Logger LOG = LoggerFactory.getLogger(EventFollower.class);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final Duration STOP_WITHIN = Duration.ofMillis(500);
  private static final int PAGE = 500;

  private final Executions executions;
  private final ExecutionId id;
  private final ComputeEvents events;
  private final EventViewer viewer;
  private final ReentrantLock lock;
  private final boolean outermost;
  private final Map<ExecutionId, Inner> inner = new HashMap<>();
  private volatile boolean stopped;

  /** A follower on a thread of its own. */
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
   * Shows everything from the beginning; returns after the end, or when it is told to stop.
   *
   * @throws IOException when the viewer has gone
   */
  void follow() throws IOException, InterruptedException {
    try (Tail tail = executions.tail(id, 0)) {
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
        } else if (seen.get() instanceof Tail.Recorded(Entry entry)) {
          quiet = Duration.ZERO;
          ended = recorded(entry);
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

  /** True when this is the end. */
  private boolean recorded(Entry entry) throws IOException, InterruptedException {
    if (entry.event() instanceof Event.ChildEnded ended) {
      Inner one = inner.remove(ended.child());
      if (one != null) {
        one.thread().join();
      }
    }
    boolean end = isEnd(entry.event());
    if (end && goesOnAfter(entry.number())) {
      return false;
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

  private void begin(Event.ChildStarted child) {
    ComputeEvents its;
    try {
      its = events.of(child);
    } catch (WindlassException e) {
      LOG.debug("execution {} cannot be followed", child.publicId(), e);
      return;
    }
    var follower = new EventFollower(executions, child.child(), its, viewer, lock, false);
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
