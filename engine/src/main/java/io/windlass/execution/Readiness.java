package io.windlass.execution;

import io.windlass.definition.Trigger;
import io.windlass.step.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which nodes may begin, by what their triggers have heard of their sources. */
final class Readiness {
  private final Map<String, NodeProgress> nodes;
  private final Map<String, List<Wire>> outgoing = new HashMap<>();
  private final ArrayDeque<String> ready = new ArrayDeque<>();
  private final LinkedHashSet<String> closing = new LinkedHashSet<>();

  /** Cut off before their trigger was complete, which therefore must not make them ready. */
  private final Set<String> cut = new HashSet<>();

  /** The only nodes that may still begin; null while all may. */
  private @Nullable Set<String> allowed;

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

  Readiness(Map<String, NodeProgress> nodes) {
    this.nodes = nodes;
    for (NodeProgress target : nodes.values()) {
      for (Trigger trigger : target.node.triggers()) {
        Wire wire = new Wire(target, trigger);
        for (String source : trigger.sources()) {
          outgoing.computeIfAbsent(source, _ -> new ArrayList<>()).add(wire);
        }
      }
    }
  }

  /**
   * The next node that may begin; it stays the next until it {@link #begun begins} or is skipped. A
   * node that became ready again while its last visit is under way begins when that one has ended.
   */
  @Nullable String next() {
    for (String id : ready) {
      if (mayBegin(id) && !Objects.requireNonNull(nodes.get(id)).isUnderWay()) {
        return id;
      }
    }
    return null;
  }

  /** The next node of a branch that was not chosen. */
  @Nullable String nextClosing() {
    for (String id : closing) {
      if (mayBegin(id)) {
        return id;
      }
    }
    return null;
  }

  /** Lets nothing begin any more but the node's own wave, and what comes before it. */
  void endAfterWaveOf(String id) {
    Set<String> within = Waves.upTo(id, nodes.values());
    if (allowed == null) {
      allowed = within;
    } else {
      allowed.retainAll(within);
    }
  }

  /** Whether the run ends before all of its nodes have had their turn. */
  boolean isLimited() {
    return allowed != null;
  }

  /** Whether the node's wave is one of those that the run goes through. */
  boolean mayBegin(String id) {
    return allowed == null || allowed.contains(id);
  }

  /** The execution begins: what waits for nothing is ready. */
  void open() {
    for (NodeProgress node : nodes.values()) {
      if (node.node.triggers().isEmpty()) {
        ready.add(node.node.id());
      }
    }
  }

  void begun(String id) {
    ready.remove(id);
  }

  void skipped(String id) {
    ready.remove(id);
    closing.remove(id);
  }

  /** What failed or was cut short is ready before all others. */
  void again(String id) {
    ready.addFirst(id);
  }

  /** Cuts off the branches that a step did not choose, unless they have begun already. */
  void close(Iterable<String> ids) {
    for (String id : ids) {
      NodeProgress node = nodes.get(id);
      if (node != null && node.status == StepStatus.PENDING) {
        closing.add(id);
        if (node.node.triggers().size() == 1 && !ready.contains(id)) {
          cut.add(id);
        }
      }
    }
  }

  /** Lets every trigger that the node is a source of know that it finished, alive or cut off. */
  void finished(String id, boolean alive, State state) {
    for (Wire wire : outgoing.getOrDefault(id, List.of())) {
      wire.finishes.computeIfAbsent(id, _ -> new ArrayDeque<>()).add(alive);
      while (wire.finishes.size() == wire.trigger.sources().size()) {
        boolean anyAlive = false;
        for (var source : wire.finishes.values()) {
          anyAlive |= source.removeFirst();
        }
        wire.finishes.values().removeIf(ArrayDeque::isEmpty);
        fire(wire, anyAlive, state);
      }
    }
  }

  private void fire(Wire wire, boolean alive, State state) {
    String target = wire.target.node.id();
    if (cut.remove(target)) {
      return;
    }
    if (alive) {
      if (wire.trigger.condition().test(state)) {
        ready.add(target);
      }
    } else if (wire.target.node.triggers().size() == 1
        && wire.target.status == StepStatus.PENDING) {
      closing.add(target);
    }
  }
}
