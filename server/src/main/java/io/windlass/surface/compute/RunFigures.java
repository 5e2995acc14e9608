package io.windlass.surface.compute;

import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What many runs amount to. */
final class RunFigures {
  static final List<String> GRANULARITIES = List.of("hour", "day", "week", "month");
  private static final DateTimeFormatter HOUR =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:00:00'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withZone(ZoneOffset.UTC);

  private RunFigures() {}

  /** The value below which that part, from 0 to 1, of the values lies; 0 when there are none. */
  static double quantile(List<Double> values, double part) {
    if (values.isEmpty()) {
      return 0;
    }
    List<Double> sorted = values.stream().sorted().toList();
    double place = part * (sorted.size() - 1);
    int below = (int) Math.floor(place);
    int above = (int) Math.ceil(place);
    double between = place - below;
    return sorted.get(below) * (1 - between) + sorted.get(above) * between;
  }

  static double average(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }

  /** Seconds that the runs took which succeeded. */
  static List<Double> seconds(List<PastRun> runs) {
    List<Double> seconds = new ArrayList<>();
    for (PastRun run : runs) {
      Long millis = run.durationMs();
      if (run.status() == ExecutionStatus.SUCCEEDED && millis != null) {
        seconds.add(millis / 1000.0);
      }
    }
    return seconds;
  }

  /** How the runs of one step went. */
  static final class StepFigures {
    final String name;
    final List<Double> seconds = new ArrayList<>();
    int ended;
    int failed;
    int retries;
    @Nullable BigDecimal cost = BigDecimal.ZERO;

    StepFigures(String name) {
      this.name = name;
    }

    /**
     * @param used what the step and the executions that it started consumed
     */
    void add(StepView step, Usage used) {
      if (step.status() != StepStatus.DONE && step.status() != StepStatus.FAILED) {
        return;
      }
      ended++;
      failed += step.status() == StepStatus.FAILED ? 1 : 0;
      retries += Math.max(0, step.attempts() - 1);
      Long millis = step.durationMs();
      if (step.status() == StepStatus.DONE && millis != null) {
        seconds.add(millis / 1000.0);
      }
      cost = cost == null || used.costUsd() == null ? null : cost.add(used.costUsd());
    }

    double failureRate() {
      return ended == 0 ? 0 : WorkflowJson.rate((double) failed / ended);
    }

    double retryAverage() {
      return ended == 0 ? 0 : WorkflowJson.rate((double) retries / ended);
    }

    @Nullable BigDecimal averageCost() {
      return cost == null || ended == 0
          ? null
          : cost.divide(BigDecimal.valueOf(ended), 6, RoundingMode.HALF_UP).stripTrailingZeros();
    }
  }

  /**
   * What models cost, as far as it is known; null where nothing of it is.
   *
   * @param complete false when there were calls whose price is not known
   */
  static ObjectNode costs(Map<String, BigDecimal> byModel, boolean complete) {
    BigDecimal sum = byModel.values().stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    // What the free models of such runs add is no figure for the whole.
    BigDecimal known = complete || sum.signum() > 0 ? sum : null;
    ObjectNode json = Json.object().put("total_cost_usd", known);
    ObjectNode models = json.putObject("llm_costs");
    byModel.forEach(models::put);
    if (!complete) {
      json.put("incomplete", true);
    }
    return json;
  }

  /** The runs by the time of their start. */
  static ArrayNode timeline(List<PastRun> runs, String granularity) {
    Map<String, List<PastRun>> spans = new TreeMap<>();
    runs.forEach(run ->
        spans.computeIfAbsent(span(run.createdAt(), granularity), _ -> new ArrayList<>()).add(run));
    ArrayNode timeline = Json.MAPPER.createArrayNode();
    spans.forEach((span, its) ->
        timeline
            .addObject()
            .put("date", span)
            .put("executions", its.size())
            .put("successes", count(its, ExecutionStatus.SUCCEEDED))
            .put("failures", count(its, ExecutionStatus.FAILED))
            .put("avg_duration", WorkflowJson.rate(average(seconds(its)))));
    return timeline;
  }

  static long count(List<PastRun> runs, ExecutionStatus status) {
    return runs.stream().filter(run -> run.status() == status).count();
  }

  /** The beginning of the span of time that an instant lies in; weeks begin on Monday, in UTC. */
  static String span(Instant at, String granularity) {
    LocalDate day = at.atZone(ZoneOffset.UTC).toLocalDate();
    return switch (granularity) {
      case "hour" -> HOUR.format(at.truncatedTo(ChronoUnit.HOURS));
      case "week" -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString();
      case "month" -> day.withDayOfMonth(1).toString();
      default -> DAY.format(at);
    };
  }
}
