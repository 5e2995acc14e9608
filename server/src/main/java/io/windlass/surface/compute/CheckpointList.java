package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import io.windlass.workflow.WorkflowStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The points from which executions can go on: the beginnings of their steps. */
final class CheckpointList {
  /** So many executions are looked through, the newest. */
  private static final int RUNS = 5_000;

  private static final int PAGE = 500;
  private final WorkflowPorts ports;

  CheckpointList(WorkflowPorts ports) {
    this.ports = ports;
  }

  /**
   * One of them.
   *
   * @param before what was done by then, of which {@code done} counts
   */
  record Checkpoint(
      Execution execution,
      String id,
      int number,
      String label,
      Instant at,
      List<Result> before,
      int done) {
    /** What is known there: the steps that are done, and their results. */
    ObjectNode state() {
      Set<Integer> numbers = new TreeSet<>();
      ObjectNode results = Json.object();
      for (Result result : before.subList(0, done)) {
        numbers.add(result.number());
        results.set(result.step(), result.output());
      }
      ObjectNode state = Json.object();
      state.set("completed_steps", Json.tree(numbers));
      state.put("current_step", number);
      state.set("intermediate_results", results);
      return state;
    }

    boolean isResumable() {
      ExecutionStatus status = execution.status();
      return status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED;
    }
  }

  /** What a step came to. */
  record Result(int number, String step, JsonNode output) {}

  /**
   * A part of them, the newest execution first, in each the newest checkpoint first.
   *
   * @param total how many there are in all
   */
  record Part(List<Checkpoint> checkpoints, long total) {}

  Part of(ExecutionFilter filter, int limit, long offset) {
    List<Checkpoint> found = new ArrayList<>();
    long total = 0;
    int seen = 0;
    List<PastRun> page;
    do {
      page = ports.history().runs(filter, PAGE, seen);
      seen += page.size();
      for (PastRun run : page) {
        boolean wanted = found.size() < limit;
        // What has ended tells by its steps how many there are, without a look at its journal.
        long known = run.status().isFinal() ? begun(run) : -1;
        if (known < 0 || (wanted && total + known > offset)) {
          List<Checkpoint> its = of(ports.executions().get(run.id()));
          for (int i = 0; i < its.size() && found.size() < limit; i++) {
            if (total + i >= offset) {
              found.add(its.get(i));
            }
          }
          known = its.size();
        }
        total += known;
      }
    } while (page.size() == PAGE && seen < RUNS);
    return new Part(found, total);
  }

  private static long begun(PastRun run) {
    return run.steps().stream().filter(step -> step.startedAt() != null).count();
  }

  /** Those of one execution, the newest first. */
  List<Checkpoint> of(Execution execution) {
    List<StepView> steps = ports.executions().detail(execution.id()).steps();
    Map<String, StepView> byId = new HashMap<>();
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      StepView step = steps.get(i);
      int own = WorkflowStep.number(step.id());
      byId.put(step.id(), step);
      numbers.put(step.id(), own > 0 ? own : i + 1);
    }
    StepStory story = new StepStory(ports.executions(), execution.id());
    List<Result> before =
        story.done().stream()
            .map(done ->
                new Result(numbers.getOrDefault(done.step(), 0), done.step(), done.output()))
            .toList();
    return story.points().reversed().stream()
        .map(point -> {
          StepView view = byId.get(point.step());
          return new Checkpoint(
              execution,
              "cp_" + Runs.digits(execution) + "_" + point.number(),
              numbers.getOrDefault(point.step(), 0),
              view == null ? point.step() : view.label(),
              point.at(),
              before,
              point.done());
        })
        .toList();
  }
}
