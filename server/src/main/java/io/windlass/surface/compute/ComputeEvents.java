package io.windlass.surface.compute;

import io.windlass.approval.Approval;
import io.windlass.execution.Execution;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
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
  private final Set<String> finished = new HashSet<>();
  private @Nullable Instant startedAt;
  private Event.@Nullable StepFailed failure;
  private @Nullable StepTimes times;

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
        teller.tell("execution_started").put("workflow_slug", e.name()).put("started_at", now);
      }
      case Event.StepStarted e -> teller.tell("step_started", e.step()).put("started_at", now);
      case Event.StepRetried e -> {
        retries.merge(e.step(), 1, Integer::sum);
        teller
            .tell("step_retrying", e.step())
            .put("status", "retrying")
            .put("retry_count", e.failedAttempt())
            .put("error", e.error())
            .put("delay_seconds", Words.seconds(e.delayMs()));
      }
      case Event.StepDone e -> stepEnded(e.step(), "completed", e.durationMs(), teller);
      case Event.StepSkipped e ->
          stepEnded(e.step(), "skipped", 0, teller).put("reason", e.reason());
      case Event.StepFailed e -> {
        failure = e;
        stepEnded(e.step(), "failed", e.durationMs(), teller).put("error", e.error());
      }
      case Event.StepLog e ->
          teller
              .tell("log", e.step())
              .put("level", e.level().name().toLowerCase(Locale.ROOT))
              .put("message", e.message());
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
      case Event.ExecutionFailed e -> failed("failed", error(e), teller).put("failed_at", now);
      case Event.ExecutionCancelled e -> {
        ObjectNode error =
            Json.object()
                .put("type", "ExecutionError")
                .put("message", "Execution cancelled by " + e.by())
                .put("code", "ERR_EXEC_003");
        failed("cancelled", error, teller).put("failed_at", now);
      }
      case Event.ExecutionTaken e when e.reset() -> {
        finished.clear();
        failure = null;
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
  private ObjectNode stepEnded(String step, String status, long millis, Teller teller) {
    finished.add(step);
    ObjectNode data =
        teller
            .tell("step_completed", step)
            .put("status", status)
            .put("duration_seconds", Words.seconds(millis))
            .put("completed_at", Words.instant(teller.at));
    teller
        .tell("execution_progress")
        .put("progress_percentage", times().percentage(steps.keySet(), finished))
        .put("completed_steps", finished.size())
        .put("total_steps", steps.size())
        .put(
            "estimated_completion",
            sources.forecast().end(execution).map(Words::instant).orElse(null));
    return data;
  }

  private StepTimes times() {
    StepTimes known = times;
    if (known == null) {
      known = sources.forecast().times(execution);
      times = known;
    }
    return known;
  }

  private static ObjectNode failed(String status, ObjectNode error, Teller teller) {
    ObjectNode data = teller.tell(ComputeEvent.FAILED).put("status", status);
    data.set("error", error);
    return data;
  }

  private ObjectNode error(Event.ExecutionFailed event) {
    Event.StepFailed step = failure;
    if (step == null) {
      return ExecutionJson.error(
          ExecutionJson.type(event.error(), "ExecutionError"), event.error());
    }
    return ExecutionJson.error(
            ExecutionJson.type(step.error(), "StepExecutionError"),
            "Step %d failed: %s".formatted(number(step.step()), step.error()))
        .put("step_number", number(step.step()))
        .put("retry_count", retries.getOrDefault(step.step(), 0));
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
