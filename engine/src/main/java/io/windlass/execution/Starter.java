package io.windlass.execution;

import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Definitions;
import io.windlass.definition.Flow;
import io.windlass.journal.Event;
import io.windlass.journal.ExecutionLog;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.State;
import io.windlass.step.Usage;
import io.windlass.store.RowWrite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Makes executions: checks what is asked for, writes the row and the first events, lets it run. */
final class Starter {
  private static final int DEEPEST = 32;

  private final EngineNode node;
  private final RunningHere running;
  private final Admission admission;
  private final ExecutionObserver observer;
  private final RunnerPort port;

  Starter(
      EngineNode node,
      RunningHere running,
      Admission admission,
      ExecutionObserver observer,
      RunnerPort port) {
    this.node = node;
    this.running = running;
    this.admission = admission;
    this.observer = observer;
    this.port = port;
  }

  /**
   * A new execution that has been thought through.
   *
   * @param definition the pinned version
   * @param seeds events copied from an execution that it repeats
   */
  record Plan(
      Definition definition,
      ObjectNode input,
      String origin,
      String owner,
      String publicIdPrefix,
      @Nullable ExecutionId parent,
      @Nullable ExecutionId rerunOf,
      NewExecution more,
      List<Event> seeds) {}

  /** The row of the key that a start was asked with, if it was. */
  @FunctionalInterface
  interface KeyRow {
    KeyRow NONE = _ -> List.of();

    List<RowWrite> of(ExecutionId id);
  }

  Definition definition(String kind, String name) {
    return definition(node.definitions(), kind, name);
  }

  /** The newest version, if it is sound. */
  static Definition definition(Definitions definitions, String kind, String name) {
    Definition definition =
        definitions.find(kind, name).orElseThrow(() -> definitions.missing(kind, name));
    String fault = definition.fault();
    if (fault != null) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, fault);
    }
    return definition;
  }

  /** Accepts: when this returns the execution is durable and, unless it is queued, runs. */
  Execution start(Plan plan, KeyRow keyRow, @Nullable AdmissionLimit limit)
      throws InterruptedException {
    running.checkNotDraining();
    String group = plan.more().admission();
    if (limit != null) {
      admission.enter(limit);
    } else {
      admission.reenter(group);
    }
    boolean handedOver = false;
    try {
      Execution execution = newExecution(plan);
      DefinitionKind kind = node.definitions().kind(plan.definition().kind());
      Flow flow = node.definitions().flow(plan.definition());
      State state = kind.begin(plan.definition().name(), plan.definition().source(), plan.input());
      ExecutionLog journal = node.journal().log(execution.id(), execution.epoch(), 0);
      Runner runner =
          new Runner(
              execution,
              plan.more().depth(),
              flow,
              new Progress(flow),
              journal,
              port,
              plan.more().admission());
      List<RowWrite> first = new ArrayList<>(2);
      first.add(ExecutionWrites.insert(execution, plan.more()));
      first.addAll(keyRow.of(execution.id()));
      var started = new Event.ExecutionStarted(execution.kind(), execution.name(), state.values());
      if (execution.status() == ExecutionStatus.QUEUED) {
        journal.begin(first, List.of(started)).await();
        return execution;
      }
      Changes begun = runner.begin(started, plan.seeds());
      running.add(runner);
      try {
        journal.begin(first, begun.events(), begun.writes()).await();
        handedOver = true;
      } finally {
        if (!handedOver) {
          running.remove(runner);
        }
      }
      observer.moved(execution, execution.status(), execution.status());
      runner.start(begun, true);
      return execution;
    } finally {
      if (!handedOver) {
        admission.leave(limit == null ? group : limit.group());
      }
    }
  }

  private Execution newExecution(Plan plan) {
    ExecutionId next = new ExecutionId(node.ids().next());
    // Parent and child change each other's rows, so they go through one lane of the journal.
    ExecutionId id = plan.parent() == null ? next : next.inFamilyOf(plan.parent());
    Instant now = node.clock().instant();
    boolean queued = plan.more().afterRun() != null;
    return new Execution(
        id,
        plan.publicIdPrefix() + id.hex(),
        plan.definition().kind(),
        plan.definition().name(),
        plan.definition().versionId(),
        plan.origin(),
        plan.owner(),
        queued ? ExecutionStatus.QUEUED : ExecutionStatus.RUNNING,
        plan.input(),
        null,
        null,
        Usage.NONE,
        Instant.ofEpochMilli(now.toEpochMilli()),
        null,
        plan.parent(),
        plan.rerunOf(),
        1,
        queued ? null : node.name());
  }

  static void checkDepth(int depth, ChildRequest request) {
    if (depth > DEEPEST) {
      throw new WindlassException(
          ErrorCode.STEP_FAILED,
          "Executions are nested %d deep at \"%s\": a definition seems to run itself."
              .formatted(DEEPEST, request.name()));
    }
  }

  Execution startChild(
      Execution parent, int depth, String key, ChildRequest request, @Nullable String admission)
      throws InterruptedException {
    checkDepth(depth + 1, request);
    return start(
        new Plan(
            definition(request.kind(), request.name()),
            request.input(),
            "parent",
            parent.owner(),
            node.definitions().kind(request.kind()).publicIdPrefix(),
            parent.id(),
            null,
            new NewExecution(key, depth + 1, null, admission),
            List.of()),
        KeyRow.NONE,
        null);
  }
}
