package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.PastRun;
import io.windlass.execution.StepView;
import io.windlass.kernel.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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

  /** What a state has besides its results. */
  private static final int AROUND = 70;

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
    /**
     * What is known there: the steps that are done, and their results, of which the latest count
     * most where there is no room for all.
     *
     * @param most how many characters the results may have
     */
    ObjectNode state(long most) {
      Set<Integer> numbers = new TreeSet<>();
      LinkedHashMap<String, JsonNode> results = new LinkedHashMap<>();
      Set<String> told = new HashSet<>();
      long left = most;
      int omitted = 0;
      for (Result result : before.subList(0, done).reversed()) {
        numbers.add(result.number());
        if (!told.add(result.step())) {
          continue;
        }
        if (left > 0 && result.size() <= left) {
          left -= result.size();
          results.putFirst(result.step(), result.output());
        } else {
          omitted++;
        }
      }
      ObjectNode state = Json.object();
      state.set("completed_steps", Json.tree(numbers));
      state.put("current_step", number);
      ObjectNode shown = state.putObject("intermediate_results");
      results.forEach(shown::set);
      if (omitted > 0) {
        state.put("omitted_results", omitted);
      }
      return state;
    }

    /** How many characters the whole state has. */
    long size() {
      Set<String> told = new HashSet<>();
      long size = 0;
      for (Result result : before.subList(0, done).reversed()) {
        if (told.add(result.step())) {
          size += result.size();
        }
      }
      return size + AROUND;
    }

    boolean isResumable() {
      ExecutionStatus status = execution.status();
      return status == ExecutionStatus.FAILED || status == ExecutionStatus.CANCELLED;
    }
  }

  /** What a step came to. */
  static final class Result {
    private final int number;
    private final StepStory.Done done;
    private int size = -1;

    Result(int number, StepStory.Done done) {
      this.number = number;
      this.done = done;
    }

    int number() {
      return number;
    }

    String step() {
      return done.step();
    }

    JsonNode output() {
      return done.output();
    }

    /** How many characters it has, with its number and name; counted once. */
    int size() {
      if (size < 0) {
        size = output().toString().length() + step().length() + String.valueOf(number).length() + 5;
      }
      return size;
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
        long known = run.status().isFinal() ? begun(run) : -1;
        if (known < 0 || (wanted && total + known > offset)) {
          Part its =
              of(
                  ports.executions().detail(run.id()),
                  limit - found.size(),
                  Math.max(0, offset - total));
          found.addAll(its.checkpoints());
          known = its.total();
        }
        total += known;
      }
    } while (page.size() == PAGE && seen < RUNS);
    return new Part(found, total);
  }

  private static long begun(PastRun run) {
    return run.steps().stream()
        .filter(step -> step.startedAt() != null)
        .mapToLong(StepView::visits)
        .sum();
  }

  /** A part of those of one execution, the newest first. */
  Part of(ExecutionDetail detail, int limit, long offset) {
    StepStory story = new StepStory(ports.executions(), detail.execution().id());
    List<StepStory.Point> points = story.points().reversed();
    StepNumbers numbers = new StepNumbers(detail.steps());
    Map<String, String> labels = HashMap.newHashMap(detail.steps().size());
    detail.steps().forEach(step -> labels.put(step.id(), step.label()));
    List<Result> before =
        story.done().stream().map(done -> new Result(numbers.of(done.step()), done)).toList();
    List<Checkpoint> page =
        points.stream()
            .skip(offset)
            .limit(limit)
            .map(point ->
                new Checkpoint(
                    detail.execution(),
                    id(detail.execution(), point),
                    numbers.of(point.step()),
                    labels.getOrDefault(point.step(), point.step()),
                    point.at(),
                    before,
                    point.done()))
            .toList();
    return new Part(page, points.size());
  }

  static String id(Execution execution, StepStory.Point point) {
    return "cp_" + Runs.digits(execution) + "_" + point.number();
  }
}
