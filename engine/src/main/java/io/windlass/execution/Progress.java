package io.windlass.execution;

import io.windlass.definition.Flow;
import io.windlass.definition.Node;
import io.windlass.definition.Trigger;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.State;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an execution's events amount to: the state, where each node stands, and which may go on. The
 * running execution and its recovery apply the same events in the same order and so agree.
 */
final class Progress {
  private final Map<String, NodeProgress> nodes = new LinkedHashMap<>();
  private final Map<String, List<Wire>> outgoing = new HashMap<>();
  private final ArrayDeque<String> ready = new ArrayDeque<>();
  private final ArrayDeque<String> closing = new ArrayDeque<>();
  private final Set<String> runnable = new LinkedHashSet<>();
  private State state = State.EMPTY;
  private Usage usage = Usage.NONE;
  private ExecutionStatus status = ExecutionStatus.RUNNING;
  private boolean endingEarly;
  private @Nullable String failure;
  private int totalVisits;
  private int waiting;

  /** A trigger of a node, with the finishes of its sources that it has not consumed. */
  private static final class Wire {
    final NodeProgress target;
    final Trigger trigger;
    final Map<String, ArrayDeque<Boolean>> finishes = new HashMap<>();

    Wire(NodeProgress target, Trigger trigger) {
      this.target = target;
      this.trigger = trigger;
    }
  }

  Progress(Flow flow) {
    for (Node node : flow.nodes()) {
      nodes.put(node.id(), new NodeProgress(node));
    }
    for (NodeProgress target : nodes.values()) {
      for (Trigger trigger : target.node.triggers()) {
        Wire wire = new Wire(target, trigger);
        for (String source : trigger.sources()) {
          outgoing.computeIfAbsent(source, _ -> new ArrayList<>()).add(wire);
        }
      }
    }
  }

  State state() {
    return state;
  }

  Usage usage() {
    return usage;
  }

  ExecutionStatus status() {
    return status;
  }

  boolean endingEarly() {
    return endingEarly;
  }

  @Nullable String failure() {
    return failure;
  }

  int totalVisits() {
    return totalVisits;
  }

  boolean isWaiting() {
    return waiting > 0;
  }

  NodeProgress node(String id) {
    return Objects.requireNonNull(nodes.get(id), () -> "no node " + id);
  }

  Iterable<NodeProgress> all() {
    return nodes.values();
  }

  /**
   * The next node that may begin; it stays the next until its event is applied. A node that became
   * ready again while its last visit is under way begins when that one has ended.
   */
  @Nullable String nextReady() {
    for (String id : ready) {
      if (!node(id).isUnderWay()) {
        return id;
      }
    }
    return null;
  }

  /** The next node of a branch that was not chosen. */
  @Nullable String nextClosing() {
    return closing.peekFirst();
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
    return !runnable.isEmpty() || (!endingEarly && nextReady() != null);
  }

  /** Every execution that a step of this one started. */
  List<ExecutionId> children() {
    List<ExecutionId> children = new ArrayList<>();
    for (NodeProgress node : nodes.values()) {
      node.children.values().forEach(child -> children.add(child.id()));
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
        for (NodeProgress node : nodes.values()) {
          if (node.node.triggers().isEmpty()) {
            ready.add(node.node.id());
          }
        }
      }
      case Event.ExecutionTaken e -> {
        status = ExecutionStatus.RUNNING;
        if (e.reset()) {
          reset();
        }
      }
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
        ready.remove(e.step());
        totalVisits++;
        node.begin(e.visit(), at);
        move(node, StepStatus.RUNNING);
      }
      case Event.StepOutput e -> {
        if (e.attempt() == node.attempt) {
          node.partial.append(e.text());
        }
      }
      case Event.StepLog _, Event.StepCacheHit _ -> {}
      case Event.StepRetried e -> {
        node.attempt = e.failedAttempt() + 1;
        node.partial.setLength(0);
      }
      case Event.StepDone e -> done(node, e, at);
      case Event.StepSkipped e -> skipped(node, e, at);
      case Event.StepFailed e -> {
        end(node, StepStatus.FAILED, at, e.durationMs(), e.usage());
        node.error = e.error();
        if (failure == null) {
          failure = e.error();
        }
      }
      case Event.EffectBegun e ->
          node.effects.put(
              e.key(), new NodeProgress.EffectProgress(e.what(), e.onRecovery(), null));
      case Event.EffectDone e ->
          node.effects.put(
              e.key(),
              new NodeProgress.EffectProgress("", Event.OnRecoveryName.REPEAT, e.result()));
      case Event.EffectFailed e -> {
        node.effects.remove(e.key());
        node.questions.remove(Waits.RECOVERY + e.key());
        node.answers.remove(Waits.RECOVERY + e.key());
      }
      case Event.ApprovalAsked e -> {
        node.questions.put(e.key(), e.approval());
        move(node, StepStatus.WAITING);
      }
      case Event.ApprovalAnswered e -> {
        node.answers.put(e.key(), new Answer(e.choice(), e.by(), e.reason(), e.at(), e.expired()));
        move(node, StepStatus.RUNNING);
      }
      case Event.ChildStarted e -> {
        node.children.put(e.key(), new NodeProgress.ChildProgress(e.child(), e.publicId(), null));
        move(node, StepStatus.WAITING);
      }
      case Event.ChildEnded e -> childEnded(node, e);
      case Event.SleepBegun e -> {
        node.sleeps.put(e.key(), e.until());
        move(node, StepStatus.WAITING);
      }
      case Event.SleepEnded e -> {
        node.slept.put(e.key(), true);
        move(node, StepStatus.RUNNING);
      }
    }
  }

  private void done(NodeProgress node, Event.StepDone e, Instant at) {
    end(node, StepStatus.DONE, at, e.durationMs(), e.usage());
    node.output = e.output();
    Map<String, tools.jackson.databind.JsonNode> set = e.set() == null ? Map.of() : e.set();
    String name = node.node.output();
    if (name != null && !set.containsKey(name)) {
      state = state.with(name, e.output());
    }
    state = state.with(set);
    if (e.close() != null) {
      e.close().stream()
          .filter(id -> nodes.containsKey(id) && node(id).status == StepStatus.PENDING)
          .forEach(closing::add);
    }
    finish(node, true);
  }

  private void skipped(NodeProgress node, Event.StepSkipped e, Instant at) {
    ready.remove(e.step());
    closing.remove(e.step());
    end(node, StepStatus.SKIPPED, at, 0, null);
    String name = node.node.output();
    if (name != null) {
      state = state.with(name, Json.text(""));
    }
    endingEarly |= e.end();
    finish(node, !e.closed());
  }

  private void childEnded(NodeProgress node, Event.ChildEnded e) {
    NodeProgress.ChildProgress child = node.children.get(e.key());
    String publicId = child == null ? "" : child.publicId();
    ChildResult result = new ChildResult(e.child(), publicId, e.succeeded(), e.result(), e.error());
    node.children.put(e.key(), new NodeProgress.ChildProgress(e.child(), publicId, result));
    move(node, StepStatus.RUNNING);
  }

  private void end(
      NodeProgress node, StepStatus how, Instant at, long durationMs, @Nullable Usage used) {
    move(node, how);
    node.finishedAt = at;
    node.durationMs = durationMs;
    if (used != null) {
      node.usage = used;
      usage = usage.plus(used);
    }
    node.partial.setLength(0);
    node.partial.trimToSize();
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

  /** Lets every trigger that the node is a source of know that it finished, alive or cut off. */
  private void finish(NodeProgress node, boolean alive) {
    String id = node.node.id();
    for (Wire wire : outgoing.getOrDefault(id, List.of())) {
      wire.finishes.computeIfAbsent(id, _ -> new ArrayDeque<>()).add(alive);
      while (wire.finishes.size() == wire.trigger.sources().size()) {
        boolean anyAlive = false;
        for (var source : wire.finishes.values()) {
          anyAlive |= source.removeFirst();
        }
        wire.finishes.values().removeIf(ArrayDeque::isEmpty);
        fire(wire, anyAlive);
      }
    }
  }

  private void fire(Wire wire, boolean alive) {
    String target = wire.target.node.id();
    if (alive) {
      if (wire.trigger.condition().test(state)) {
        ready.add(target);
      }
    } else if (wire.target.node.triggers().size() == 1
        && wire.target.status == StepStatus.PENDING) {
      closing.add(target);
    }
  }

  /** After an explicit resume: what failed or was cut short becomes ready again. */
  private void reset() {
    failure = null;
    runnable.clear();
    for (NodeProgress node : nodes.values()) {
      if (node.status == StepStatus.FAILED || node.isUnderWay()) {
        if (node.status == StepStatus.WAITING) {
          waiting--;
        }
        node.resetForResume();
        ready.addFirst(node.node.id());
      }
    }
  }
}
