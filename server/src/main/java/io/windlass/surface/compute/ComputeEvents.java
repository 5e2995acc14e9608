package io.windlass.surface.compute;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.workflow.WorkflowStep;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Words the journal of one execution, of any kind, as this surface's events. Steps without a number
 * of their own have their place in the document. The entries are given in their order, from the
 * first one on; those of the executions that its steps start go to their own {@link
 * #of(Event.ChildStarted) part of it}, which tells nodes, model calls and questions under the
 * outermost execution's id. Not safe for use by several threads.
 */
final class ComputeEvents {
  private final Execution execution;
  private final EventSources sources;
  private final boolean settled;
  private final String path;
  private final String publicId;
  private final Tally tally;
  private final Map<String, StepView> steps = new LinkedHashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<String, Integer> retries = new HashMap<>();
  private @Nullable Instant startedAt;
  private ExecutionJson.@Nullable FailedStep failure;
  private @Nullable RunProgress progress;
  private @Nullable Optional<Instant> end;

  /** What the outermost execution's end tells of all of them. */
  private static final class Tally {
    int calls;
    @Nullable BigDecimal cost = BigDecimal.ZERO;

    void add(ModelCall call) {
      calls++;
      cost = cost == null || call.costUsd() == null ? null : cost.add(call.costUsd());
    }
  }

  /**
   * For one execution.
   *
   * @param settled whether questions that were answered meanwhile are told, too
   */
  ComputeEvents(ExecutionId id, EventSources sources, boolean settled) {
    this(id, sources, settled, "", null, new Tally());
  }

  private ComputeEvents(
      ExecutionId id,
      EventSources sources,
      boolean settled,
      String path,
      @Nullable String outermost,
      Tally tally) {
    var detail = sources.executions().detail(id);
    this.execution = detail.execution();
    this.sources = sources;
    this.settled = settled;
    this.path = path;
    this.publicId = outermost == null ? execution.publicId() : outermost;
    this.tally = tally;
    detail
        .steps()
        .forEach(step -> {
          steps.put(step.id(), step);
          int own = WorkflowStep.number(step.id());
          numbers.put(step.id(), own > 0 ? own : steps.size());
        });
  }

  /** The same for an execution that a step of this one started. */
  ComputeEvents of(Event.ChildStarted child) {
    return new ComputeEvents(
        child.child(), sources, settled, path + child.child() + ".", publicId, tally);
  }

  /** What the entry tells clients; often nothing. */
  List<ComputeEvent> of(Entry entry) {
    List<ComputeEvent> told = new ArrayList<>(2);
    var teller = new Teller(entry, told);
    if (path.isEmpty()) {
      outermost(entry.event(), teller);
    }
    if (entry.event() instanceof Event.OfStep ofStep) {
      anywhere(ofStep, teller);
    }
    return told;
  }

  /** Makes the events of one entry. */
  private final class Teller {
    final Instant at;
    private final long number;
    private final List<ComputeEvent> told;

    Teller(Entry entry, List<ComputeEvent> told) {
      this.at = entry.at();
      this.number = entry.number();
      this.told = told;
    }

    ObjectNode tell(String name) {
      ObjectNode data = Json.object().put("execution_id", publicId);
      String id = "evt_" + path + number + (told.isEmpty() ? "" : "." + told.size());
      told.add(new ComputeEvent(id, name, at, data));
      return data;
    }

    ObjectNode tell(String name, String step) {
      return tell(name).put("step_number", number(step)).put("step_name", label(step));
    }
  }

  private void outermost(Event event, Teller teller) {
    String now = Words.instant(teller.at);
    switch (event) {
      case Event.ExecutionStarted e -> {
        startedAt = teller.at;
        ExecutionRoutes.name(teller.tell("execution_started"), e.kind(), e.name())
            .put("started_at", now);
      }
      case Event.StepStarted e -> {
        progress().move(e.step(), StepStatus.RUNNING);
        retries.remove(e.step());
        teller.tell("step_started", e.step()).put("started_at", now);
      }
      case Event.StepRetried e -> {
        Integer next = e.nextAttempt();
        retries.put(e.step(), next == null ? e.failedAttempt() : next - 1);
        teller
            .tell("step_retrying", e.step())
            .put("status", "retrying")
            .put("retry_count", e.failedAttempt())
            .put("error", e.error())
            .put("delay_seconds", Words.seconds(e.delayMs()));
      }
      case Event.StepDone e -> stepEnded(e.step(), StepStatus.DONE, e.durationMs(), teller);
      case Event.StepSkipped e ->
          stepEnded(e.step(), StepStatus.SKIPPED, 0, teller).put("reason", e.reason());
      case Event.StepFailed e -> {
        if (failure == null) {
          failure =
              new ExecutionJson.FailedStep(
                  number(e.step()), e.error(), retries.getOrDefault(e.step(), 0));
        }
        stepEnded(e.step(), StepStatus.FAILED, e.durationMs(), teller).put("error", e.error());
      }
      case Event.StepLog e ->
          teller
              .tell("log", e.step())
              .put("level", e.level().name().toLowerCase(Locale.ROOT))
              .put("message", e.message());
      case Event.ExecutionStopping e ->
          teller
              .tell("execution_stopping")
              .put("status", "cancelling")
              .put("by", e.by())
              .put("stopping_at", now);
      case Event.ExecutionSucceeded _ -> {
        ObjectNode data =
            teller
                .tell(ComputeEvent.COMPLETED)
                .put("status", "completed")
                .put("duration_seconds", since(teller.at))
                .put("completed_at", now);
        ObjectNode summary = data.putObject("result_summary");
        summary
            .put("output_files", sources.files().applyAsInt(execution))
            .put("llm_calls", tally.calls)
            .put("total_cost_usd", tally.cost);
      }
      case Event.ExecutionFailed e ->
          failed("failed", ExecutionJson.failed(e.error(), failure), teller).put("failed_at", now);
      case Event.ExecutionCancelled e ->
          failed("cancelled", ExecutionJson.cancelled("Cancelled by " + e.by()), teller)
              .put("failed_at", now);
      case Event.ExecutionTaken e when e.reset() -> {
        RunProgress standing = progress();
        standing.resume();
        failure = null;
        teller
            .tell("execution_resumed")
            .put("status", "running")
            .put("completed_steps", standing.completed())
            .put("total_steps", standing.total())
            .put("resumed_at", now);
      }
      default -> {
        // Not told by itself.
      }
    }
  }

  private void anywhere(Event.OfStep event, Teller teller) {
    switch (event) {
      case Event.StepStarted e ->
          teller.tell("node_started").put("node_name", e.step()).put("node_type", kind(e.step()));
      case Event.EffectDone e ->
          ModelCall.of(e)
              .ifPresent(call -> {
                tally.add(call);
                teller
                    .tell("llm_call_started")
                    .put("model", call.model())
                    .put("prompt_tokens", call.promptTokens());
                call.addTo(teller.tell("llm_call_completed"));
              });
      case Event.ApprovalAsked e -> prompt(e, teller);
      default -> {
        // Not told of every node.
      }
    }
  }

  /** Gives the step's own event, which is followed by one of the whole progress. */
  private ObjectNode stepEnded(String step, StepStatus status, long millis, Teller teller) {
    RunProgress standing = progress();
    standing.move(step, status);
    ObjectNode data =
        teller
            .tell("step_completed", step)
            .put("status", Words.status(status, ExecutionStatus.RUNNING))
            .put("duration_seconds", Words.seconds(millis))
            .put("completed_at", Words.instant(teller.at));
    teller
        .tell("execution_progress")
        .put("progress_percentage", standing.percentage(ExecutionStatus.RUNNING, 0))
        .put("completed_steps", standing.completed())
        .put("total_steps", standing.total())
        .put("estimated_completion", estimatedEnd(teller.at));
    return data;
  }

  private RunProgress progress() {
    RunProgress known = progress;
    if (known == null) {
      known = new RunProgress(execution, steps.keySet(), sources.forecast().times(execution));
      progress = known;
    }
    return known;
  }

  /** Told from the past once: to look there is much work. */
  private @Nullable String estimatedEnd(Instant at) {
    Optional<Instant> known = end;
    if (known == null) {
      known = sources.forecast().foreseen(execution);
      end = known;
    }
    return known.map(it -> Words.instant(it.isBefore(at) ? at : it)).orElse(null);
  }

  private static ObjectNode failed(String status, ObjectNode error, Teller teller) {
    ObjectNode data = teller.tell(ComputeEvent.FAILED).put("status", status);
    data.set("error", error);
    return data;
  }

  private void prompt(Event.ApprovalAsked event, Teller teller) {
    Approval approval = sources.approvals().find(event.approval()).orElse(null);
    if (!settled && (approval == null || !approval.isOpen())) {
      return;
    }
    List<String> options = approval == null ? List.of() : approval.options();
    ObjectNode data =
        teller
            .tell("interactive_prompt")
            .put("prompt_id", promptId(event.approval()))
            .put("message", event.prompt())
            .put("prompt_type", options.contains("reject") ? "confirmation" : "choice");
    ArrayNode shown = data.putArray("options");
    options.forEach(shown::add);
  }

  static String promptId(UUID approval) {
    return "prompt_" + approval;
  }

  private int number(String step) {
    return numbers.getOrDefault(step, 0);
  }

  private String label(String step) {
    StepView view = steps.get(step);
    return view == null ? step : view.label();
  }

  private String kind(String step) {
    StepView view = steps.get(step);
    return view == null ? "unknown" : view.kind();
  }

  private double since(Instant end) {
    return startedAt == null ? 0 : Words.seconds(Duration.between(startedAt, end).toMillis());
  }
}
