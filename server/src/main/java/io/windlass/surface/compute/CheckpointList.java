package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The points from which executions can go on: one after each step that was done. */
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
   * @param state what is known there: the steps that are done and their results
   */
  record Checkpoint(
      Execution execution, String id, int number, String label, Instant at, ObjectNode state) {
    boolean isResumable() {
      ExecutionStatus status = execution.status();
      return status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED;
    }
  }

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
        long known = run.status().isFinal() ? done(run) : -1;
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

  private static long done(PastRun run) {
    return run.steps().stream().filter(step -> step.status() == StepStatus.DONE).count();
  }

  /** Those of one execution, the newest first. */
  List<Checkpoint> of(Execution execution) {
    ExecutionDetail detail = ports.executions().detail(execution.id());
    List<StepStory.Point> points = new StepStory(ports.executions(), execution.id()).points();
    List<Checkpoint> found = new ArrayList<>();
    ArrayNode completed = Json.MAPPER.createArrayNode();
    ObjectNode results = Json.object();
    for (StepStory.Point point : points) {
      StepView view = view(detail, point);
      int number = view == null ? 0 : ExecutionJson.number(detail.steps(), view);
      completed.add(number);
      results.set(point.step(), point.output());
      ObjectNode state = Json.object();
      state.set("completed_steps", completed.deepCopy());
      state.put("current_step", number);
      state.set("intermediate_results", Json.object().setAll(results));
      found.addFirst(
          new Checkpoint(
              execution,
              "cp_" + Runs.digits(execution) + "_" + point.number(),
              number,
              view == null ? point.step() : view.label(),
              point.at(),
              state));
    }
    return found;
  }

  private static @Nullable StepView view(ExecutionDetail detail, StepStory.Point point) {
    return detail.steps().stream()
        .filter(step -> step.id().equals(point.step()))
        .findFirst()
        .orElse(null);
  }
}
