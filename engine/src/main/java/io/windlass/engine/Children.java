package io.windlass.engine;

import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.util.ArrayList;
import java.util.List;

/** Reads from a journal which executions an execution's steps have started. */
public final class Children {
  private static final int PAGE = 500;

  private Children() {}

  /** In the order of their starts. */
  public static List<Event.ChildStarted> of(Executions executions, ExecutionId parent) {
    List<Event.ChildStarted> children = new ArrayList<>();
    long after = 0;
    while (true) {
      List<Entry> page = executions.entries(parent, after, PAGE);
      for (Entry entry : page) {
        if (entry.event() instanceof Event.ChildStarted child) {
          children.add(child);
        }
      }
      if (page.size() < PAGE) {
        return children;
      }
      after = page.getLast().number();
    }
  }
}
