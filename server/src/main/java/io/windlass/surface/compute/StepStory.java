package io.windlass.surface.compute;

import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the journals of an execution, and of those that its steps started, tell of its steps. */
final class StepStory {
  private static final int PAGE = 500;
  private static final int DEEPEST = 10;
  private static final Pattern MCP_TOOL = Pattern.compile("mcp__(.+?)__([A-Za-z0-9_.-]+)");

  /** Model calls, tools, retries and time of all visits of one step. */
  static final class Told {
    final List<ModelCall> calls = new ArrayList<>();
    final Set<String> tools = new LinkedHashSet<>();
    int retries;
    long millis;
    @Nullable Instant firstStartedAt;
    @Nullable Instant retryingSince;

    long tokens() {
      return calls.stream().mapToLong(ModelCall::totalTokens).sum();
    }

    /** Null when a part of it is not known. */
    @Nullable BigDecimal cost() {
      return StepStory.cost(calls);
    }
  }

  /**
   * One visit of one node.
   *
   * @param end done, skipped or failed; null while it is under way
   */
  record Visit(
      ExecutionId execution,
      String step,
      String label,
      int visit,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String end,
      @Nullable JsonNode output,
      @Nullable String error) {}

  /**
   * The beginning of a step, where the execution can go on.
   *
   * @param done how many of the steps that were done had been by then
   */
  record Point(long number, String step, Instant at, int done) {}

  /** The end of a step, with its result. */
  record Done(String step, JsonNode output) {}

  private final Map<String, Told> steps = new LinkedHashMap<>();
  private final Map<String, Visit> visits = new LinkedHashMap<>();
  private final LinkedHashMap<String, Point> points = new LinkedHashMap<>();
  private final List<Done> done = new ArrayList<>();

  /** Executions that were read: one that is resumed with its parent is started by it again. */
  private final Set<ExecutionId> read = new HashSet<>();

  StepStory(Executions executions, ExecutionId id) {
    read(executions, id, null, 0);
  }

  Told of(String step) {
    return steps.getOrDefault(step, new Told());
  }

  List<ModelCall> calls() {
    return steps.values().stream().flatMap(told -> told.calls.stream()).toList();
  }

  /** In the order of their beginning; those of the execution itself before those it started. */
  List<Visit> visits() {
    return List.copyOf(visits.values());
  }

  /** In the order of their beginning; a step that was begun again after a resume is told once. */
  List<Point> points() {
    return List.copyOf(points.values());
  }

  List<Done> done() {
    return done;
  }

  static @Nullable BigDecimal cost(List<ModelCall> calls) {
    BigDecimal sum = BigDecimal.ZERO;
    for (ModelCall call : calls) {
      if (call.costUsd() == null) {
        return null;
      }
      sum = sum.add(call.costUsd());
    }
    return sum;
  }

  private void read(Executions executions, ExecutionId id, @Nullable String root, int depth) {
    long after = 0;
    List<Entry> page;
    do {
      page = executions.entries(id, after, PAGE);
      for (Entry entry : page) {
        after = entry.number();
        if (!(entry.event() instanceof Event.OfStep event)) {
          continue;
        }
        Told told = steps.computeIfAbsent(root == null ? event.step() : root, _ -> new Told());
        note(entry, event, told, root == null);
        visit(id, entry, event);
        if (event instanceof Event.ChildStarted child
            && depth < DEEPEST
            && read.add(child.child())) {
          read(executions, child.child(), root == null ? event.step() : root, depth + 1);
        }
      }
    } while (!page.isEmpty());
  }

  private void note(Entry entry, Event.OfStep event, Told told, boolean outermost) {
    switch (event) {
      case Event.EffectDone e -> {
        ModelCall.of(e).ifPresent(told.calls::add);
        tool(e.key(), told);
      }
      case Event.EffectBegun e -> tool(e.key() + " " + e.what(), told);
      case Event.StepStarted e when outermost -> {
        if (told.firstStartedAt == null) {
          told.firstStartedAt = entry.at();
        }
        points.putLast(
            e.step() + "/" + e.visit(),
            new Point(entry.number(), e.step(), entry.at(), done.size()));
        told.retryingSince = null;
      }
      case Event.StepRetried _ when outermost -> {
        told.retries++;
        told.retryingSince = entry.at();
      }
      case Event.StepFailed e when outermost -> told.millis += e.durationMs();
      case Event.StepDone e when outermost -> {
        told.millis += e.durationMs();
        told.retryingSince = null;
        done.add(new Done(e.step(), e.output()));
      }
      default -> {}
    }
  }

  private static void tool(String text, Told told) {
    Matcher found = MCP_TOOL.matcher(text);
    if (found.find()) {
      told.tools.add(found.group(1) + "-" + found.group(2));
    }
  }

  private void visit(ExecutionId id, Entry entry, Event.OfStep event) {
    switch (event) {
      case Event.StepStarted e ->
          visits.put(
              key(id, e.step(), e.visit()),
              new Visit(id, e.step(), e.label(), e.visit(), entry.at(), null, null, null, null));
      case Event.StepDone e ->
          end(key(id, e.step(), e.visit()), entry, "completed", e.output(), null);
      case Event.StepFailed e ->
          end(key(id, e.step(), e.visit()), entry, "failed", null, e.error());
      case Event.StepSkipped e ->
          visits.put(
              key(id, e.step(), -visits.size()),
              new Visit(id, e.step(), e.step(), 0, entry.at(), entry.at(), "skipped", null, null));
      default -> {}
    }
  }

  private void end(
      String key, Entry entry, String how, @Nullable JsonNode output, @Nullable String error) {
    visits.computeIfPresent(
        key,
        (_, it) ->
            new Visit(
                it.execution(),
                it.step(),
                it.label(),
                it.visit(),
                it.startedAt(),
                entry.at(),
                how,
                output,
                error));
  }

  private static String key(ExecutionId id, String step, int visit) {
    return id + "/" + visit + "/" + step;
  }
}
