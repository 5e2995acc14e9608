package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.definition.Node;
import io.windlass.definition.Reduction;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.Caveat;
import io.windlass.step.ChildResult;
import io.windlass.step.State;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an execution's events amount to: the state, where each node stands, and which may go on. The
 * running execution and its recovery apply the same events in the same order and so agree.
 */
final class Progress {
  private final Map<String, NodeProgress> nodes = new LinkedHashMap<>();
  private final Readiness readiness;
  private final Reduction reduction;
  private final Caveat caveat;
  private final Set<String> runnable = new LinkedHashSet<>();
  private State state = State.EMPTY;

  /** What the models consumed whose answers the state may come from, those of children too. */
  private Usage heard = Usage.NONE;

  private ExecutionStatus status = ExecutionStatus.RUNNING;
  private @Nullable String failure;
  private @Nullable StopRequest stopping;
  private int totalVisits;
  private int waiting;

  Progress(Flow flow) {
    for (Node node : flow.nodes()) {
      nodes.put(node.id(), new NodeProgress(node));
    }
    readiness = new Readiness(nodes);
    reduction = flow.reduction();
    caveat = flow.caveat();
  }

  /** What a flow's journal so far amounts to. */
  static Progress of(Flow flow, List<Entry> entries) {
    Progress progress = new Progress(flow);
    for (Entry entry : entries) {
      progress.apply(entry.event(), entry.at());
    }
    return progress;
  }

  State state() {
    return state;
  }

  /** What all steps that have ended consumed. */
  Usage usage() {
    Usage all = Usage.NONE;
    for (NodeProgress node : nodes.values()) {
      all = all.plus(node.consumed());
    }
    return all;
  }

  Usage heard() {
    return heard;
  }

  /** An error that the run's values led to, with what is to know of who gave them. */
  String explained(String error, Usage more) {
    return caveat.behind(error, heard.plus(more));
  }

  ExecutionStatus status() {
    return status;
  }

  /** Whether a step has ended the run: no wave after its own begins. */
  boolean endingEarly() {
    return readiness.isLimited();
  }

  @Nullable String failure() {
    return failure;
  }

  /** That it was told to begin nothing new; null while it was not. */
  @Nullable StopRequest stopping() {
    return stopping;
  }

  /** Whether nothing has begun that is not through, and nothing would begin. */
  boolean isThrough() {
    return nextReady() == null
        && nextClosing() == null
        && nodes.values().stream().noneMatch(NodeProgress::isUnderWay);
  }

  /** What has begun is run by nobody before a resume. */
  void holdBack(NodeProgress node) {
    runnable.remove(node.node.id());
  }

  /** Whether a step waits for an execution that it started. */
  boolean waitsForChild() {
    return nodes.values().stream()
        .anyMatch(node -> node.status == StepStatus.WAITING && !node.childrenUnderWay().isEmpty());
  }

  int totalVisits() {
    return totalVisits;
  }

  boolean isWaiting() {
    return waiting > 0;
  }

  /** Whether something waits whose end the run must see. */
  boolean mustWait() {
    return isWaiting()
        && (!endingEarly()
            || nodes.values().stream()
                .anyMatch(node ->
                    node.status == StepStatus.WAITING && readiness.mayBegin(node.node.id())));
  }

  NodeProgress node(String id) {
    return Objects.requireNonNull(nodes.get(id), () -> "no node " + id);
  }

  @Nullable NodeProgress find(String id) {
    return nodes.get(id);
  }

  Iterable<NodeProgress> all() {
    return nodes.values();
  }

  /** The next node that may begin; it stays the next until its event is applied. */
  @Nullable String nextReady() {
    return readiness.next();
  }

  /** The joins that some of their beginnings have come to, and the others have not. */
  List<Readiness.HalfJoin> halfJoins() {
    return readiness.halfJoins();
  }

  /** The next node of a branch that was not chosen. */
  @Nullable String nextClosing() {
    return readiness.nextClosing();
  }

  /** Takes the nodes that have begun and have nobody running them. */
  List<NodeProgress> takeRunnable() {
    if (runnable.isEmpty()) {
      return List.of();
    }
    List<NodeProgress> taken = new ArrayList<>(runnable.size());
    for (String id : runnable) {
      taken.add(node(id));
    }
    runnable.clear();
    return taken;
  }

  /** Whether something has begun that nobody runs, or may begin. */
  boolean canGoOn() {
    return !runnable.isEmpty() || (stopping == null && nextReady() != null);
  }

  /** The executions that steps of this one started and have not heard the end of. */
  List<ExecutionId> children() {
    List<ExecutionId> children = new ArrayList<>();
    for (NodeProgress node : nodes.values()) {
      children.addAll(node.childrenUnderWay());
    }
    return children;
  }

  List<StepView> views(boolean withOutput) {
    boolean ended = status.isFinal();
    return nodes.values().stream().map(node -> node.view(ended, withOutput)).toList();
  }

  void apply(Event event, Instant at) {
    switch (event) {
      case Event.ExecutionStarted e -> {
        state = new State(e.state());
        readiness.open(state);
      }
      case Event.ExecutionTaken e -> {
        status = ExecutionStatus.RUNNING;
        if (e.reset()) {
          reset();
        }
      }
      case Event.ExecutionStopping e -> stopping = new StopRequest(e.by(), at);
      case Event.ExecutionWaiting _ -> status = ExecutionStatus.WAITING;
      case Event.ExecutionSucceeded _ -> status = ExecutionStatus.SUCCEEDED;
      case Event.ExecutionFailed e -> {
        status = ExecutionStatus.FAILED;
        failure = e.error();
      }
      case Event.ExecutionCancelled _ -> status = ExecutionStatus.CANCELLED;
      case Event.OfStep e -> {
        NodeProgress node = nodes.get(e.step());
        if (node != null) {
          apply(node, e, at);
        }
      }
    }
  }

  private void apply(NodeProgress node, Event.OfStep event, Instant at) {
    switch (event) {
      case Event.StepStarted e -> {
        readiness.begun(e.step());
        totalVisits++;
        node.begin(e.visit(), at);
        move(node, StepStatus.RUNNING);
      }
      case Event.StepOutput e -> node.output(e);
      case Event.StepLog _, Event.StepCacheHit _ -> {}
      case Event.StepRetried e -> node.retried(e, at);
      case Event.StepDone e -> done(node, e, at);
      case Event.StepSkipped e -> skipped(node, e, at);
      case Event.StepFailed e -> {
        end(node, StepStatus.FAILED, at, e.durationMs(), e.keep(), e.usage());
        node.error = e.error();
        if (failure == null) {
          failure = e.error();
        }
      }
      case Event.EffectBegun e -> node.effectBegun(e);
      case Event.EffectDone e -> node.effectDone(e);
      case Event.EffectFailed e -> node.effectFailed(e);
      case Event.ApprovalAsked e -> {
        node.questions.put(e.key(), e.approval());
        move(node, StepStatus.WAITING);
      }
      case Event.ApprovalAnswered e -> {
        node.answered(e);
        move(node, StepStatus.RUNNING);
      }
      case Event.ChildStarted e -> {
        node.childStarted(e);
        move(node, StepStatus.WAITING);
      }
      case Event.ChildEnded e -> {
        node.childEnded(e);
        hear(e.usage());
        // A stop that went as deep as the child is no news to its step, which waits for a resume.
        if (stopping == null || !ChildResult.CANCELLED.equals(e.error())) {
          move(node, StepStatus.RUNNING);
        }
      }
      case Event.SleepBegun e -> {
        node.sleeps.put(e.key(), e.until());
        move(node, StepStatus.WAITING);
      }
      case Event.SleepEnded e -> {
        node.slept.put(e.key(), true);
        move(node, StepStatus.RUNNING);
      }
      case Event.RunAgainAsked e -> {
        node.reruns.put(e.key(), false);
        move(node, StepStatus.WAITING);
        NodeProgress target = node(e.target());
        target.again.add(e);
        if (target.again.size() == 1) {
          readiness.again(e.target());
        }
      }
    }
  }

  private void done(NodeProgress node, Event.StepDone e, Instant at) {
    end(node, StepStatus.DONE, at, e.durationMs(), null, e.usage());
    node.output = e.output();
    state = after(node.node, e.output(), e.set() == null ? Map.of() : e.set());
    readiness.ended(e.step());
    if (!node.again.isEmpty()) {
      ranAgain(node);
      return;
    }
    if (e.close() != null) {
      readiness.close(e.step(), e.close());
    }
    readiness.finished(e.step(), true, state);
  }

  /** The state once a node has ended with that, or null, when it is skipped. */
  State after(Node node, @Nullable JsonNode output, Map<String, JsonNode> set) {
    String name = node.output();
    if (output == null) {
      return name == null ? state : reduction.skipped(state, name);
    }
    State next = state;
    if (name != null && !set.containsKey(name)) {
      next = reduction.apply(next, Collections.singletonMap(name, output));
    }
    return reduction.apply(next, set);
  }

  /** Only the step that asked for it goes on: the others have had their turn. */
  private void ranAgain(NodeProgress target) {
    Event.RunAgainAsked asked = target.again.removeFirst();
    NodeProgress waiter = node(asked.step());
    waiter.reruns.put(asked.key(), true);
    if (waiter.status == StepStatus.WAITING) {
      move(waiter, StepStatus.RUNNING);
    }
    if (!target.again.isEmpty()) {
      readiness.again(target.node.id());
    }
  }

  private void skipped(NodeProgress node, Event.StepSkipped e, Instant at) {
    readiness.skipped(e.step());
    end(node, StepStatus.SKIPPED, at, 0, e.keep(), e.usage());
    node.closed = e.closed();
    state = after(node.node, null, Map.of());
    if (e.end()) {
      readiness.endAfterWaveOf(e.step());
    }
    if (!node.again.isEmpty()) {
      ranAgain(node);
      return;
    }
    readiness.finished(e.step(), !e.closed(), state);
  }

  private void end(
      NodeProgress node,
      StepStatus how,
      Instant at,
      long durationMs,
      @Nullable String keep,
      @Nullable Usage used) {
    move(node, how);
    node.end(at, durationMs, keep, used);
    hear(used);
  }

  private void hear(@Nullable Usage used) {
    if (used != null) {
      heard = heard.plus(used);
    }
  }

  private void move(NodeProgress node, StepStatus next) {
    if (node.status == StepStatus.WAITING) {
      waiting--;
    }
    if (next == StepStatus.WAITING) {
      waiting++;
    }
    node.status = next;
    if (next == StepStatus.RUNNING) {
      runnable.add(node.node.id());
    } else {
      runnable.remove(node.node.id());
    }
  }

  /**
   * After an explicit resume: what failed or was cut short becomes ready again, and what was
   * skipped is asked again, but for the branches that a router has not chosen.
   */
  private void reset() {
    failure = null;
    stopping = null;
    runnable.clear();
    Set<String> reopened = new LinkedHashSet<>();
    for (NodeProgress node : nodes.values()) {
      if (node.awaitsAnother()) {
        continue;
      }
      boolean skipped = isAskedAgain(node);
      if (skipped || node.status == StepStatus.FAILED || node.isUnderWay()) {
        if (node.status == StepStatus.WAITING) {
          waiting--;
        }
        node.resetForResume();
        readiness.again(node.node.id());
        if (skipped) {
          reopened.add(node.node.id());
        }
      }
    }
    readiness.reopen(reopened);
  }

  /** In a cycle, or with several ways to it, a node that was skipped may have had later turns. */
  private boolean isAskedAgain(NodeProgress node) {
    return node.status == StepStatus.SKIPPED
        && !node.closed
        && node.again.isEmpty()
        && !readiness.isInRounds();
  }
}
