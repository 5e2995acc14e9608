package io.windlass.journal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds output back that overtook the record of its step's beginning: output is shown at once, a
 * record when it is committed.
 */
final class EarlyOutput {
  /** What is beyond this is dropped; it comes again with the records. */
  private static final int MOST_HELD = 1024;

  private final Supplier<Set<String>> begunBefore;
  private final Deque<Tail.Live> held = new ArrayDeque<>();
  private @Nullable Set<String> begun;

  /**
   * @param begunBefore which steps run at the place where the reader begins; asked for once, if at
   *     all
   */
  EarlyOutput(Supplier<Set<String>> begunBefore) {
    this.begunBefore = begunBefore;
  }

  /** True when the piece came too early and is kept for later. */
  boolean holds(Tail.Live piece) {
    if (begun().contains(piece.output().step())) {
      return false;
    }
    if (held.size() < MOST_HELD) {
      held.add(piece);
    }
    return true;
  }

  /** Takes note of a record, after which the given pieces may be shown. */
  List<Tail.Live> recorded(Event event) {
    note(begun(), event);
    if (!(event instanceof Event.StepStarted started) || held.isEmpty()) {
      return List.of();
    }
    List<Tail.Live> free = new ArrayList<>();
    for (Iterator<Tail.Live> each = held.iterator(); each.hasNext(); ) {
      Tail.Live piece = each.next();
      if (piece.output().step().equals(started.step())) {
        free.add(piece);
        each.remove();
      }
    }
    return free;
  }

  /** Keeps a set of the steps that run. */
  static void note(Set<String> running, Event event) {
    switch (event) {
      case Event.StepStarted e -> running.add(e.step());
      case Event.StepDone e -> running.remove(e.step());
      case Event.StepFailed e -> running.remove(e.step());
      default -> {}
    }
  }

  private Set<String> begun() {
    Set<String> known = begun;
    if (known == null) {
      known = new HashSet<>(begunBefore.get());
      begun = known;
    }
    return known;
  }
}
