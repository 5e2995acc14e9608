package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.Json;
import java.util.List;

/** Ends executions that have been taken over and that nobody is to run. */
final class IdleEnding {
  private final EngineNode node;
  private final RunnerPort port;

  IdleEnding(EngineNode node, RunnerPort port) {
    this.node = node;
    this.port = port;
  }

  /** Ends an execution whose flow cannot be had any more. */
  void fail(Execution taken, String why) {
    Flow empty = new Flow(List.of(), _ -> Json.text(""), 0, null);
    end(taken, empty, new Event.ExecutionFailed(why));
  }

  /** Cancels an execution that waited or was queued. */
  void cancel(Execution taken, String by) {
    end(taken, node.flow(taken), new Event.ExecutionCancelled(by));
  }

  private void end(Execution taken, Flow flow, Event end) {
    List<Entry> entries = node.journal().reader().all(taken.id());
    Progress progress = Progress.of(flow, entries);
    long last = entries.isEmpty() ? 0 : entries.getLast().number();
    ExecutionLog journal = node.journal().log(taken.id(), taken.epoch(), last);
    Changes changes = new Changes(progress, node.clock());
    changes.end(taken, taken.epoch(), end);
    try {
      journal.append(changes.events(), changes.writes(), changes.at()).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    port.ended(taken, progress.status(), progress.children());
  }
}
