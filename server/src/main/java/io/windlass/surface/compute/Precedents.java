package io.windlass.surface.compute;

import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.History;
import io.windlass.execution.PastRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a definition that succeeded, newest first, read as far as they are asked for. Not
 * safe for use by several threads.
 */
final class Precedents {
  /** So many tell how long the next one takes. */
  private static final int LOOKS_AT = 20;

  /** So many are looked through for them, beginning with the newest. */
  private static final int MOST = 500;

  private final History history;
  private final String kind;
  private final String name;
  private final List<PastRun> read = new ArrayList<>();
  private @Nullable Instant from;
  private boolean all;

  Precedents(History history, String kind, String name) {
    this.history = history;
    this.kind = kind;
    this.name = name;
  }

  /** The last of those that had ended by then; the same whenever it is asked. */
  List<PastRun> before(Instant start) {
    if (from == null || from.isBefore(start)) {
      from = start;
      read.clear();
      all = false;
    }
    List<PastRun> found = new ArrayList<>(LOOKS_AT);
    for (int place = 0; found.size() < LOOKS_AT && reaches(place); place++) {
      PastRun run = read.get(place);
      Instant end = run.finishedAt();
      if (end != null && !end.isAfter(start)) {
        found.add(run);
      }
    }
    return found;
  }

  /** Whether there is a run at that place. */
  private boolean reaches(int place) {
    while (place >= read.size() && !all && read.size() < MOST) {
      List<PastRun> page =
          history.runs(
              new ExecutionFilter(
                  Set.of(kind), name, Set.of(ExecutionStatus.SUCCEEDED), null, null, from),
              LOOKS_AT,
              read.size());
      read.addAll(page);
      all = page.size() < LOOKS_AT;
    }
    return place < read.size();
  }
}
