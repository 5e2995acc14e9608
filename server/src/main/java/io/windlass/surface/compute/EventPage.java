package io.windlass.surface.compute;

import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A part of what has happened to an execution so far, answered questions among it.
 *
 * @param events those of the part, by time
 * @param total how many there are in all
 */
record EventPage(List<ComputeEvent> events, int total) {
  private static final int PAGE = 500;

  /** Everything. */
  static List<ComputeEvent> all(EventSources sources, ExecutionId id) {
    return of(sources, id, _ -> true, Integer.MAX_VALUE, 0).events();
  }

  /**
   * Reads it.
   *
   * @param wanted which events count
   */
  static EventPage of(
      EventSources sources, ExecutionId id, Predicate<ComputeEvent> wanted, int limit, int offset) {
    var page = new Gathering(sources.executions(), wanted, limit, offset, false);
    if (!page.read(id, new ComputeEvents(id, sources, true))) {
      page = new Gathering(sources.executions(), wanted, limit, offset, true);
      var _ = page.read(id, new ComputeEvents(id, sources, true));
    }
    return page.page();
  }

  private static final class Gathering {
    private final Executions executions;
    private final Predicate<ComputeEvent> wanted;
    private final int limit;
    private final int offset;
    private final boolean all;
    private final List<ComputeEvent> kept = new ArrayList<>();

    /** Executions that were read: one that is resumed with its parent is started by it again. */
    private final Set<ExecutionId> read = new HashSet<>();

    private int total;

    /**
     * @param all keeps everything, so that it can be sorted; else the part alone
     */
    Gathering(
        Executions executions, Predicate<ComputeEvent> wanted, int limit, int offset, boolean all) {
      this.executions = executions;
      this.wanted = wanted;
      this.limit = limit;
      this.offset = offset;
      this.all = all;
    }

    /** False when there are other executions to sort in, and not everything is kept. */
    boolean read(ExecutionId id, ComputeEvents events) {
      long after = 0;
      List<Entry> page;
      do {
        page = executions.entries(id, after, PAGE);
        for (Entry entry : page) {
          after = entry.number();
          events.of(entry).stream().filter(wanted).forEach(this::take);
          if (entry.event() instanceof Event.ChildStarted child) {
            if (!all) {
              return false;
            }
            if (read.add(child.child())) {
              var _ = read(child.child(), events.of(child));
            }
          }
        }
      } while (!page.isEmpty());
      return true;
    }

    private void take(ComputeEvent event) {
      if (all || (total >= offset && kept.size() < limit)) {
        kept.add(event);
      }
      total++;
    }

    EventPage page() {
      if (!all) {
        return new EventPage(kept, total);
      }
      kept.sort(Comparator.comparing(ComputeEvent::at));
      return new EventPage(kept.stream().skip(offset).limit(limit).toList(), total);
    }
  }
}
