package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepView;
import io.windlass.execution.Tally;
import io.windlass.http.Routes;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Usage;
import io.windlass.workflow.WorkflowStep;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the runs of workflows amount to, computed from the store when it is asked for. */
final class AnalyticsRoutes {
  /** Times, steps and costs are taken from so many runs, the newest; counts from all. */
  private static final int RUNS = 5_000;

  private static final int SLOWEST = 10;
  private final WorkflowPorts ports;

  AnalyticsRoutes(WorkflowPorts ports) {
    this.ports = ports;
  }

  void declare(Routes routes) {
    routes
        .get("/workflows/{slug}/analytics", this::analytics)
        .get("/metrics/step-executions", this::steps);
  }

  /** The runs of a span of time, with what their steps and costs were. */
  private record Sample(
      ExecutionFilter filter,
      @Nullable Instant start,
      @Nullable Instant end,
      List<PastRun> runs,
      Map<ExecutionId, List<PastRun>> children) {}

  private Sample sample(Context context, @Nullable String slug) {
    Instant start = Seen.instant(context, "start_date", false);
    Instant end = Seen.instant(context, "end_date", true);
    if (start != null && end != null && end.isBefore(start)) {
      throw WindlassException.invalid("end_date %s is before start_date %s".formatted(end, start));
    }
    ExecutionFilter filter = Seen.workflowRuns(context, slug, start, end);
    List<PastRun> runs = ports.history().runs(filter, RUNS, 0);
    return new Sample(
        filter,
        start,
        end,
        runs,
        ports.history().descendants(runs.stream().map(PastRun::id).toList()));
  }

  private void analytics(Context context) {
    WorkflowRoutes.Found found = WorkflowRoutes.find(ports, context.pathParam("slug"));
    String slug = found.definition().name();
    String granularity = Seen.text(context, "granularity");
    if (granularity != null && !RunFigures.GRANULARITIES.contains(granularity)) {
      throw Seen.bad("granularity", granularity, "one of hour, day, week, month");
    }
    Sample sample = sample(context, slug);
    Tally tally = ports.history().tallies(sample.filter()).getOrDefault(slug, Tally.NONE);
    ObjectNode json = Json.object().put("workflow_slug", slug);
    json.set("time_range", range(sample));
    List<Double> seconds = RunFigures.seconds(sample.runs());
    json.set(
        "summary",
        Json.object()
            .put("total_executions", tally.total())
            .put("successful_executions", tally.succeeded())
            .put("failed_executions", tally.failed())
            .put("avg_duration_seconds", WorkflowJson.seconds(tally.averageMs()))
            .put(
                "median_duration_seconds",
                WorkflowJson.seconds(RunFigures.quantile(seconds, 0.5) * 1000))
            .put(
                "p95_duration_seconds",
                WorkflowJson.seconds(RunFigures.quantile(seconds, 0.95) * 1000))
            .put("success_rate", WorkflowJson.rate(tally.successRate())));
    // Other versions may have had another step of that number: it has figures of its own.
    Map<NumberedStep, RunFigures.StepFigures> steps = new LinkedHashMap<>();
    for (WorkflowStep step : found.workflow().steps()) {
      steps.put(
          new NumberedStep(step.number(), step.name()), new RunFigures.StepFigures(step.name()));
    }
    for (PastRun run : sample.runs()) {
      Map<String, Usage> used = used(run, sample);
      for (StepView step : run.steps()) {
        steps
            .computeIfAbsent(
                new NumberedStep(WorkflowStep.number(step.id()), step.label()),
                it -> new RunFigures.StepFigures(it.name()))
            .add(step, used.getOrDefault(step.id(), Usage.NONE));
      }
    }
    ArrayNode list = json.putArray("step_analytics");
    int current = found.workflow().steps().size();
    List<NumberedStep> order = new ArrayList<>(steps.keySet());
    order.subList(current, order.size()).removeIf(old -> figures(steps, old).ended == 0);
    order.sort(Comparator.comparingInt(NumberedStep::number));
    for (NumberedStep step : order) {
      RunFigures.StepFigures figures = figures(steps, step);
      list.addObject()
          .put("step_number", step.number())
          .put("step_name", step.name())
          .put("avg_duration", WorkflowJson.seconds(RunFigures.average(figures.seconds) * 1000))
          .put("failure_rate", figures.failureRate())
          .put("retry_count_avg", figures.retryAverage());
    }
    json.set("cost_breakdown", costs(sample));
    json.set(
        "timeline", RunFigures.timeline(sample.runs(), granularity == null ? "day" : granularity));
    context.json(json);
  }

  private record NumberedStep(int number, String name) {}

  private static RunFigures.StepFigures figures(
      Map<NumberedStep, RunFigures.StepFigures> steps, NumberedStep step) {
    return Objects.requireNonNull(steps.get(step));
  }

  private ObjectNode range(Sample sample) {
    Instant now = ports.clock().instant();
    Instant first = sample.runs().isEmpty() ? now : sample.runs().getLast().createdAt();
    return Json.object()
        .put("start", Words.instant(sample.start() == null ? first : sample.start()))
        .put("end", Words.instant(sample.end() == null ? now : sample.end()));
  }

  /** What each step of a run consumed, with what it started. */
  private static Map<String, Usage> used(PastRun run, Sample sample) {
    Map<String, Usage> used = new HashMap<>();
    Map<ExecutionId, String> roots = new HashMap<>();
    run.steps().forEach(step -> used.merge(step.id(), step.usage(), Usage::plus));
    for (PastRun child : sample.children().getOrDefault(run.id(), List.of())) {
      ExecutionId parent = child.parent();
      String key = child.key();
      String root =
          parent != null && roots.containsKey(parent)
              ? roots.get(parent)
              : key == null ? "" : key.substring(0, Math.max(0, key.indexOf('/')));
      roots.put(child.id(), root);
      used.merge(root, child.usage(), Usage::plus);
    }
    return used;
  }

  private static ObjectNode costs(Sample sample) {
    Map<String, BigDecimal> byModel = new TreeMap<>();
    boolean complete = true;
    for (PastRun run : sample.runs()) {
      List<PastRun> all = new ArrayList<>(sample.children().getOrDefault(run.id(), List.of()));
      all.add(run);
      for (PastRun one : all) {
        for (StepView step : one.steps()) {
          Usage usage = step.usage();
          if (usage.isNone()) {
            continue;
          }
          if (usage.costUsd() == null) {
            complete = false;
          } else {
            String model = usage.model() == null ? "several" : usage.model();
            byModel.merge(
                model.substring(model.indexOf('/') + 1), usage.costUsd(), BigDecimal::add);
          }
        }
      }
    }
    return RunFigures.costs(byModel, complete);
  }

  private void steps(Context context) {
    Sample sample = sample(context, Seen.text(context, "workflow_slug"));
    RunFigures.StepFigures all = new RunFigures.StepFigures("");
    Map<String, RunFigures.StepFigures> byWorkflow = new TreeMap<>();
    Map<String, RunFigures.StepFigures> byStep = new LinkedHashMap<>();
    for (PastRun run : sample.runs()) {
      Map<String, Usage> used = used(run, sample);
      for (StepView step : run.steps()) {
        Usage usage = used.getOrDefault(step.id(), Usage.NONE);
        all.add(step, usage);
        byWorkflow.computeIfAbsent(run.name(), RunFigures.StepFigures::new).add(step, usage);
        byStep.computeIfAbsent(step.label(), RunFigures.StepFigures::new).add(step, usage);
      }
    }
    byStep.values().removeIf(figures -> figures.ended == 0);
    byWorkflow.values().removeIf(figures -> figures.ended == 0);
    ObjectNode json = Json.object();
    json.set(
        "summary",
        Json.object()
            .put("total_step_executions", all.ended)
            .put("successful", all.ended - all.failed)
            .put("failed", all.failed)
            .put("success_rate", all.ended == 0 ? 0.0 : WorkflowJson.rate(1 - all.failureRate()))
            .put("avg_duration_seconds", seconds(all))
            .put("avg_retry_count", all.retryAverage()));
    ObjectNode workflows = json.putObject("by_workflow");
    byWorkflow.forEach((slug, figures) ->
        workflows
            .putObject(slug)
            .put("total", figures.ended)
            .put("avg_duration", seconds(figures))
            .put("success_rate", WorkflowJson.rate(1 - figures.failureRate())));
    ArrayNode steps = json.putArray("by_step");
    byStep
        .values()
        .forEach(figures ->
            steps
                .addObject()
                .put("step_name", figures.name)
                .put("total_executions", figures.ended)
                .put("avg_duration", seconds(figures))
                .put("failure_rate", figures.failureRate())
                .put("avg_cost_usd", figures.averageCost()));
    ArrayNode slow = json.putArray("slow_steps");
    byStep.values().stream()
        .filter(figures -> !figures.seconds.isEmpty())
        .sorted(Comparator.comparingDouble(AnalyticsRoutes::seconds).reversed())
        .limit(SLOWEST)
        .forEach(figures ->
            slow.addObject()
                .put("step_name", figures.name)
                .put("avg_duration", seconds(figures))
                .put(
                    "slowest_execution",
                    figures.seconds.stream().mapToDouble(Double::doubleValue).max().orElse(0)));
    context.json(json);
  }

  private static double seconds(RunFigures.StepFigures figures) {
    return WorkflowJson.seconds(RunFigures.average(figures.seconds) * 1000);
  }
}
