package io.windlass.execution;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a running step to stop, and what is to be done then or when it has ended. */
final class StopSign {
  private static final Logger log = LoggerFactory.getLogger(StopSign.class);

  private final String step;
  private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();
  private final List<Runnable> endings = new ArrayList<>();
  private boolean over;
  private volatile @Nullable String reason;

  StopSign(String step) {
    this.step = step;
  }

  /** Why the step was told to stop; null while it was not. */
  @Nullable String reason() {
    return reason;
  }

  void raise(String why) {
    reason = why;
    actions.forEach(this::run);
    end();
  }

  /** Does the action when the sign is raised, at once if it is. */
  AutoCloseable onRaise(Runnable action) {
    actions.add(action);
    if (reason != null) {
      run(action);
    }
    return () -> actions.remove(action);
  }

  /** Does the action when the sign is raised, or else when the step's run is over. */
  void atEnd(Runnable action) {
    boolean late;
    synchronized (endings) {
      late = over || reason != null;
      if (!late) {
        endings.add(action);
      }
    }
    if (late) {
      run(action);
    }
  }

  /** The step's run is over. */
  void end() {
    List<Runnable> due;
    synchronized (endings) {
      over = true;
      due = List.copyOf(endings);
      endings.clear();
    }
    due.forEach(this::run);
  }

  void checkNotRaised() {
    if (reason != null) {
      throw new CancellationException("the step has been stopped: " + reason);
    }
  }

  private void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      log.warn("A cancel action of step {} failed", step, e);
    }
  }
}
