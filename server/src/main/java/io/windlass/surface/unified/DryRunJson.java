package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * How a dry run went, on the wire.
 *
 * @param problems why the definition cannot run at all; nothing was run then
 * @param warnings what else a check of it found
 * @param calls the model calls that were reached, by model
 * @param costUsd what they are estimated to cost; null when a price is not known
 * @param pricesAsOf when the bundled prices were gathered
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DryRunJson(
    @JsonUnwrapped RunJson run,
    List<String> problems,
    List<String> warnings,
    List<CallsJson> calls,
    long inputTokens,
    long outputTokens,
    @Nullable BigDecimal costUsd,
    String pricesAsOf) {
  public DryRunJson {
    problems = List.copyOf(problems);
    warnings = List.copyOf(warnings);
    calls = List.copyOf(calls);
  }

  /**
   * One rehearsed execution: the definition's own, or one that a step of it started.
   *
   * @param status {@code succeeded}, {@code failed}, or {@code invalid} when nothing was run
   * @param endedEarly the step whose {@code early_exit_if} ended it; null when none did
   * @param waves ids of steps by layer; a step begins as soon as those before it are done
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record RunJson(
      String kind,
      String name,
      String status,
      @Nullable JsonNode result,
      @Nullable String error,
      @Nullable String endedEarly,
      List<List<String>> waves,
      List<StepJson> steps) {
    public RunJson {
      waves = waves.stream().map(List::copyOf).toList();
      steps = List.copyOf(steps);
    }
  }

  /**
   * One step.
   *
   * @param status {@code ran}, {@code skipped}, {@code failed}, {@code not_reached}
   * @param reason why it was skipped or failed
   * @param model the model that would answer it
   * @param prompt the beginning of what that would be asked
   * @param output the beginning of the step's output
   * @param notes what was approved by itself, not carried out, or warned of
   * @param runs the executions that it started
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record StepJson(
      String id,
      String label,
      String type,
      String status,
      @Nullable String reason,
      int attempts,
      @Nullable String model,
      @Nullable String prompt,
      long inputTokens,
      long outputTokens,
      @Nullable BigDecimal costUsd,
      @Nullable String output,
      List<String> notes,
      List<RunJson> runs) {
    public StepJson {
      notes = List.copyOf(notes);
      runs = List.copyOf(runs);
    }
  }

  /**
   * The calls to one model.
   *
   * @param asked its name as the steps have it; empty where they name none
   * @param model the model that would answer, as {@code provider/name}
   * @param scripted how many of them the script answered
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record CallsJson(
      String asked,
      String model,
      int calls,
      int scripted,
      long inputTokens,
      long outputTokens,
      @Nullable BigDecimal costUsd) {}
}
