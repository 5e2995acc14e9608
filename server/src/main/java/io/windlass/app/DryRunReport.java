package io.windlass.app;

import io.windlass.definition.Finding;
import io.windlass.definition.Flow;
import io.windlass.definition.Node;
import io.windlass.definition.Trigger;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Rehearsed;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.model.ModelRehearsal;
import io.windlass.step.LogLevel;
import io.windlass.step.Usage;
import io.windlass.surface.unified.DryRunJson;
import io.windlass.surface.unified.Planner;
import io.windlass.text.Excerpt;
import io.windlass.tool.ToolRehearsal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is told of a dry run. */
final class DryRunReport {
  private static final int SHOWN = 2_000;
  private final Planner.Draft draft;
  private final DryRunCalls calls;
  private final String pricesAsOf;

  DryRunReport(Planner.Draft draft, DryRunCalls calls, String pricesAsOf) {
    this.draft = draft;
    this.calls = calls;
    this.pricesAsOf = pricesAsOf;
  }

  /** Nothing was run. */
  DryRunJson invalid(List<Finding> findings, List<String> more) {
    return report(
        new DryRunJson.RunJson(
            draft.kind(), draft.name(), "invalid", null, null, null, List.of(), List.of()),
        Stream.concat(lines(findings, true).stream(), more.stream()).toList(),
        findings);
  }

  DryRunJson of(List<Finding> findings, Rehearsed told) {
    return report(run(told), List.of(), findings);
  }

  private DryRunJson report(DryRunJson.RunJson run, List<String> problems, List<Finding> findings) {
    Usage all =
        calls.all().stream().map(ModelRehearsal.Call::usage).reduce(Usage.NONE, Usage::plus);
    return new DryRunJson(
        run,
        problems,
        lines(findings, false),
        byModel(),
        all.inputTokens(),
        all.outputTokens(),
        all.costUsd(),
        pricesAsOf);
  }

  private static List<String> lines(List<Finding> findings, boolean error) {
    return findings.stream()
        .filter(finding -> finding.error() == error)
        .map(Finding::toString)
        .toList();
  }

  private List<DryRunJson.CallsJson> byModel() {
    record Key(String asked, String model) {}
    Map<Key, List<ModelRehearsal.Call>> groups = new LinkedHashMap<>();
    for (ModelRehearsal.Call call : calls.all()) {
      groups.computeIfAbsent(new Key(call.asked(), call.model()), _ -> new ArrayList<>()).add(call);
    }
    List<DryRunJson.CallsJson> rows = new ArrayList<>();
    groups.forEach((key, group) -> {
      Usage used = group.stream().map(ModelRehearsal.Call::usage).reduce(Usage.NONE, Usage::plus);
      rows.add(
          new DryRunJson.CallsJson(
              key.asked(),
              key.model(),
              group.size(),
              (int) group.stream().filter(ModelRehearsal.Call::scripted).count(),
              used.inputTokens(),
              used.outputTokens(),
              used.costUsd()));
    });
    return rows;
  }

  private DryRunJson.RunJson run(Rehearsed told) {
    String endedEarly = null;
    Map<String, String> reasons = new HashMap<>();
    Map<String, List<String>> notes = new HashMap<>();
    for (Entry entry : told.entries()) {
      if (entry.event() instanceof Event.StepSkipped skipped) {
        reasons.put(skipped.step(), skipped.reason());
        endedEarly = skipped.end() ? skipped.step() : endedEarly;
      }
      String note = note(entry.event());
      if (note != null && entry.event() instanceof Event.OfStep of) {
        notes.computeIfAbsent(of.step(), _ -> new ArrayList<>()).add(note);
      }
    }
    return new DryRunJson.RunJson(
        told.kind(),
        told.name(),
        told.status() == ExecutionStatus.SUCCEEDED ? "succeeded" : "failed",
        told.result(),
        told.error(),
        endedEarly,
        waves(told.flow()),
        told.steps().stream()
            .map(step -> step(told, step, reasons, notes.getOrDefault(step.id(), List.of())))
            .toList());
  }

  private DryRunJson.StepJson step(
      Rehearsed told, StepView step, Map<String, String> reasons, List<String> notes) {
    Usage usage = step.usage();
    String reason = step.error() == null ? reasons.get(step.id()) : step.error();
    return new DryRunJson.StepJson(
        step.id(),
        step.label(),
        step.kind(),
        switch (step.status()) {
          case DONE -> "ran";
          case FAILED -> "failed";
          case SKIPPED, CANCELLED, PENDING, RUNNING, WAITING ->
              reason == null ? "not_reached" : "skipped";
        },
        reason,
        step.attempts(),
        usage.model(),
        calls.of(told.id(), step.id()).map(call -> Excerpt.of(call.prompt(), SHOWN)).orElse(null),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.costUsd(),
        step.output() == null ? null : Excerpt.of(Json.show(step.output()), SHOWN),
        notes,
        told.children().getOrDefault(step.id(), List.of()).stream().map(this::run).toList());
  }

  private static @Nullable String note(Event event) {
    return switch (event) {
      case Event.ApprovalAsked asked -> "Approved by itself: " + Excerpt.of(asked.prompt(), SHOWN);
      case Event.StepRetried retried ->
          "Attempt %d failed, a real run would wait %d ms: %s"
              .formatted(retried.failedAttempt(), retried.delayMs(), retried.error());
      case Event.RunAgainAsked again -> "Has step \"%s\" run again".formatted(again.target());
      case Event.SleepBegun sleep -> "Would sleep until " + sleep.until();
      case Event.StepLog log
          when log.level() != LogLevel.INFO || log.message().startsWith(ToolRehearsal.LOG) ->
          log.message();
      default -> null;
    };
  }

  /** Layers by the longest way from the beginning; what stands in a circle comes last. */
  private static List<List<String>> waves(Flow flow) {
    Map<String, List<Awaited>> waiting = new HashMap<>();
    Set<String> left = new LinkedHashSet<>();
    Set<String> ready = new HashSet<>();
    for (Node node : flow.nodes()) {
      left.add(node.id());
      if (node.triggers().isEmpty()) {
        ready.add(node.id());
      }
      for (Trigger trigger : node.triggers()) {
        if (trigger.sources().isEmpty()) {
          ready.add(node.id());
        }
        Awaited awaited = new Awaited(node.id(), new AtomicInteger(trigger.sources().size()));
        trigger
            .sources()
            .forEach(
                source -> waiting.computeIfAbsent(source, _ -> new ArrayList<>()).add(awaited));
      }
    }
    List<List<String>> waves = new ArrayList<>();
    List<String> wave = flow.nodes().stream().map(Node::id).filter(ready::contains).toList();
    while (!left.isEmpty()) {
      if (wave.isEmpty()) {
        wave = List.copyOf(left);
      }
      waves.add(wave);
      wave.forEach(left::remove);
      Set<String> next = new LinkedHashSet<>();
      for (String id : wave) {
        for (Awaited awaited : waiting.getOrDefault(id, List.of())) {
          if (awaited.missing().decrementAndGet() == 0 && left.contains(awaited.node())) {
            next.add(awaited.node());
          }
        }
      }
      wave = inOrder(flow, next);
    }
    return waves;
  }

  /** A node, with how many of a trigger's sources are still to come. */
  private record Awaited(String node, AtomicInteger missing) {}

  /** Few are put into the document's order without a look at all of it. */
  private static List<String> inOrder(Flow flow, Set<String> ids) {
    return ids.size() < 2
        ? List.copyOf(ids)
        : flow.nodes().stream().map(Node::id).filter(ids::contains).toList();
  }
}
