package io.windlass.execution;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Events that become durable together, with the rows that change with them. */
final class Changes {
  private final Progress progress;
  private final InstantSource clock;
  private final List<Event> events = new ArrayList<>();
  private final List<RowWrite> writes = new ArrayList<>();
  private final List<ExecutionId> givenUp = new ArrayList<>();
  private @Nullable Instant at;
  private boolean parked;
  private boolean ended;

  Changes(Progress progress, InstantSource clock) {
    this.progress = progress;
    this.clock = clock;
  }

  List<Event> events() {
    return events;
  }

  List<RowWrite> writes() {
    return writes;
  }

  /** The one moment at which all of it happens. */
  Instant at() {
    if (at == null) {
      at = clock.instant();
    }
    return at;
  }

  boolean ended() {
    return ended;
  }

  boolean parked() {
    return parked;
  }

  /** Adds an event, and lets the progress know of it before it is durable. */
  void emit(Event event) {
    events.add(event);
    progress.apply(event, at());
  }

  void write(RowWrite row) {
    writes.add(row);
  }

  /** Children that are to be cancelled once it is durable. */
  List<ExecutionId> givenUp() {
    return givenUp;
  }

  /** Asks for the end of children that nobody waits for any more, whoever runs them then. */
  void giveUp(List<ExecutionId> children) {
    givenUp.addAll(children);
    for (ExecutionId child : children) {
      writes.add(ExecutionWrites.askToCancel(child, Cancelling.BY_PARENT, at()));
    }
  }

  /** Emits that nothing new begins, and takes back what the execution asks people. */
  void stop(Execution execution, String by) {
    emit(new Event.ExecutionStopping(by));
    if (progress.isWaiting()) {
      writes.add(Ending.closing(execution.id(), at()));
    }
  }

  /** Emits that the execution waits. */
  void park(Execution execution, long epoch, @Nullable Instant nextSleepEnd) {
    emit(new Event.ExecutionWaiting());
    parked = true;
    writes.add(
        ExecutionWrites.park(
            execution.id(), epoch, progress.views(false), progress.usage(), nextSleepEnd));
  }

  /** Emits an execution's last event. */
  void end(Execution execution, long epoch, Event event) {
    emit(event);
    ended = true;
    writes.addAll(Ending.writes(execution, epoch, progress, event, at()));
  }
}
