package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.journal.MemoryJournal;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.ChildResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One execution of a rehearsal: its events, and who runs it now. */
final class RehearsalPart {
  private final Execution execution;
  private final int depth;
  private final Flow flow;
  private final MemoryJournal journal;
  private final RehearsalStage stage;
  private final List<Entry> entries = new ArrayList<>();
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private @Nullable Runner runner;
  private @Nullable String cancelled;
  private boolean news;
  private long epoch = 1;

  RehearsalPart(
      Execution execution, int depth, Flow flow, MemoryJournal journal, RehearsalStage stage) {
    this.execution = execution;
    this.depth = depth;
    this.flow = flow;
    this.journal = journal;
    this.stage = stage;
  }

  Execution execution() {
    return execution;
  }

  /** Completed when it has ended. */
  CompletableFuture<Void> end() {
    return end;
  }

  synchronized void begin(Event.ExecutionStarted started) {
    ExecutionLog log = journal.log(execution.id(), epoch, 0);
    Runner first = new Runner(execution, depth, flow, new Progress(flow), log, stage, null);
    runner = first;
    Changes begun = first.begin(started, List.of());
    log.append(begun.events());
    first.start(begun, true);
  }

  synchronized void add(List<Entry> more) {
    entries.addAll(more);
  }

  /** Something has come that it may wait for. */
  synchronized void wake() {
    news = true;
    if (runner != null) {
      runner.wake();
    } else {
      takeUp();
    }
  }

  synchronized void cancel(String by) {
    cancelled = by;
    if (runner != null) {
      var _ = runner.cancel(by);
    } else {
      takeUp();
    }
  }

  /** The runner holds it no more: it has ended, or waits. */
  synchronized void left(Runner who, boolean parked) {
    runner = null;
    if (who.ended() || !parked) {
      end.complete(null);
    } else if (news) {
      takeUp();
    }
  }

  /** Goes on where the events have come to, as a node does that takes an execution over. */
  private void takeUp() {
    if (end.isDone()) {
      return;
    }
    news = false;
    epoch++;
    ExecutionLog log = journal.log(execution.id(), epoch, entries.size());
    Runner next = new Runner(execution, depth, flow, progress(), log, stage, null);
    runner = next;
    next.start(
        next.goOn(new Event.ExecutionTaken(epoch, RehearsalStage.NODE, "woken", false)), false);
    if (cancelled != null) {
      var _ = next.cancel(cancelled);
    }
  }

  private Progress progress() {
    Progress progress = new Progress(flow);
    entries.forEach(entry -> progress.apply(entry.event(), entry.at()));
    return progress;
  }

  /** How it ended; empty while it has not. */
  synchronized Optional<ChildResult> result() {
    return Optional.ofNullable(
        switch (last()) {
          case Event.ExecutionSucceeded(JsonNode value) -> child(true, value, null);
          case Event.ExecutionFailed(String why) -> child(false, Json.text(""), why);
          case Event.ExecutionCancelled(String by) ->
              child(false, Json.text(""), "Cancelled by " + by);
          case null, default -> null;
        });
  }

  private @Nullable Event last() {
    return entries.isEmpty() ? null : entries.getLast().event();
  }

  private ChildResult child(boolean succeeded, JsonNode value, @Nullable String error) {
    return new ChildResult(execution.id(), execution.publicId(), succeeded, value, error);
  }

  /** What happened to it and to the executions that it started. */
  Rehearsed told(Map<ExecutionId, RehearsalPart> parts) {
    List<Entry> all;
    Progress progress;
    synchronized (this) {
      all = List.copyOf(entries);
      progress = progress();
    }
    Map<String, List<Rehearsed>> children = new LinkedHashMap<>();
    for (Entry entry : all) {
      if (entry.event() instanceof Event.ChildStarted started) {
        RehearsalPart part = parts.get(started.child());
        if (part != null) {
          children.computeIfAbsent(started.step(), _ -> new ArrayList<>()).add(part.told(parts));
        }
      }
    }
    Optional<ChildResult> result = result();
    return new Rehearsed(
        execution.id(),
        execution.kind(),
        execution.name(),
        flow,
        progress.status(),
        result.filter(ChildResult::succeeded).map(ChildResult::result).orElse(null),
        result.map(ChildResult::error).orElse(null),
        progress.views(true),
        all,
        children);
  }
}
