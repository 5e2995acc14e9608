package io.windlass.execution;

import io.windlass.definition.Trigger;
import io.windlass.step.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes may begin, by what their triggers have heard of their sources. What a finish makes
 * ready belongs to the round after that of the finish. A node of several triggers runs once a
 * round, however many of them fire in it: it waits until nothing of an earlier round is left, as
 * only that could make it ready again. All other nodes begin as soon as they are ready.
 */
final class Readiness {
  private final Map<String, NodeProgress> nodes;

  /** Whether there is a node of several triggers; without one all turns are of round 0. */
  private final boolean inRounds;

  private final Map<String, List<Wire>> outgoing = new HashMap<>();
  private final LinkedHashSet<Turn> ready = new LinkedHashSet<>();
  private final Map<String, TreeSet<Integer>> readyRounds = new HashMap<>();
  private final LinkedHashMap<String, Integer> closing = new LinkedHashMap<>();

  /** In rounds: that of each node's newest visit, and which of these visits are under way. */
  private final Map<String, Integer> rounds = new HashMap<>();

  private final Set<String> underWay = new HashSet<>();

  /** How many turns and visits of each round are left. */
  private final TreeMap<Integer, Integer> left = new TreeMap<>();

  /** Cut off before their trigger was complete, which therefore must not make them ready. */
  private final Set<String> cut = new HashSet<>();

  /** A node that may begin. */
  private record Turn(String node, int round) {}

  /** How a source finished: alive or cut off. */
  private record Finish(boolean alive, int round) {}

  /** The only nodes that may still begin; null while all may. */
  private @Nullable Set<String> allowed;

  /** A trigger of a node, with the finishes of its sources that it has not consumed. */
  private static final class Wire {
    final NodeProgress target;
    final Trigger trigger;
    final Map<String, ArrayDeque<Finish>> finishes = new HashMap<>();

    Wire(NodeProgress target, Trigger trigger) {
      this.target = target;
      this.trigger = trigger;
    }

    /** Whether it waits for more, and not only because branches were cut off. */
    boolean isHalf() {
      return finishes.values().stream().flatMap(ArrayDeque::stream).anyMatch(Finish::alive);
    }
  }

  Readiness(Map<String, NodeProgress> nodes) {
    this.nodes = nodes;
    this.inRounds = nodes.values().stream().anyMatch(it -> it.node.triggers().size() > 1);
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
    for (Turn turn : ready) {
      NodeProgress node = Objects.requireNonNull(nodes.get(turn.node()));
      if (mayBegin(turn.node()) && !node.isUnderWay() && isItsTurn(node, turn)) {
        return turn.node();
      }
    }
    return null;
  }

  /** Once the run is ending early, what is left of a round may never begin. */
  private boolean isItsTurn(NodeProgress node, Turn turn) {
    return node.node.triggers().size() < 2 || isLimited() || left.firstKey() >= turn.round();
  }

  /** The next node of a branch that was not chosen. */
  @Nullable String nextClosing() {
    for (String id : closing.keySet()) {
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
  void open(State state) {
    for (NodeProgress node : nodes.values()) {
      List<Trigger> triggers = node.node.triggers();
      if (triggers.isEmpty() || triggers.stream().anyMatch(trigger -> opens(trigger, state))) {
        add(new Turn(node.node.id(), 0), false);
      }
    }
  }

  private static boolean opens(Trigger trigger, State state) {
    return trigger.sources().isEmpty() && trigger.condition().test(state);
  }

  private void add(Turn turn, boolean first) {
    if (inRounds
        && readyRounds.computeIfAbsent(turn.node(), _ -> new TreeSet<>()).add(turn.round())) {
      left.merge(turn.round(), 1, Integer::sum);
    }
    if (first) {
      ready.addFirst(turn);
    } else {
      ready.add(turn);
    }
  }

  /** Takes the earliest turn of a node, which stays left; null when it has none. */
  private @Nullable Turn take(String id) {
    if (!inRounds) {
      Turn turn = new Turn(id, 0);
      return ready.remove(turn) ? turn : null;
    }
    TreeSet<Integer> its = readyRounds.get(id);
    if (its == null) {
      return null;
    }
    Turn turn = new Turn(id, Objects.requireNonNull(its.pollFirst()));
    if (its.isEmpty()) {
      readyRounds.remove(id);
    }
    ready.remove(turn);
    rounds.put(id, turn.round());
    return turn;
  }

  private void leave(int round) {
    if (!inRounds) {
      return;
    }
    left.merge(round, -1, (count, less) -> count + less == 0 ? null : count + less);
  }

  private int round(String id) {
    return rounds.getOrDefault(id, 0);
  }

  void begun(String id) {
    boolean ready = take(id) != null;
    if (inRounds) {
      if (!ready) {
        left.merge(round(id), 1, Integer::sum);
      }
      underWay.add(id);
    }
  }

  /** The node's visit is over. */
  void ended(String id) {
    if (inRounds && underWay.remove(id)) {
      leave(round(id));
    }
  }

  void skipped(String id) {
    if (Objects.requireNonNull(nodes.get(id)).isUnderWay()) {
      ended(id);
      return;
    }
    Integer closed = closing.remove(id);
    Turn turn = take(id);
    if (turn != null) {
      leave(turn.round());
    } else if (closed != null && inRounds) {
      rounds.put(id, closed);
    }
  }

  /** What failed or was cut short is ready before all others. */
  void again(String id) {
    ended(id);
    add(new Turn(id, round(id)), true);
  }

  private boolean isReady(String id) {
    return inRounds ? readyRounds.containsKey(id) : ready.contains(new Turn(id, 0));
  }

  /** Whether there is a node that can become ready more than once. */
  boolean isInRounds() {
    return inRounds;
  }

  /**
   * After an explicit resume: what has not finished waits for these nodes, which are skipped no
   * more, as if they had never finished. What has finished after them stays so. Only where every
   * node has one turn.
   */
  void reopen(Set<String> ids) {
    if (ids.isEmpty()) {
      return;
    }
    allowed = null;
    for (String id : ids) {
      for (Wire wire : outgoing.getOrDefault(id, List.of())) {
        String target = wire.target.node.id();
        if (isOpen(wire) && !closing.containsKey(target)) {
          ready.remove(new Turn(target, 0));
          wire.finishes.clear();
          for (String source : wire.trigger.sources()) {
            NodeProgress node = Objects.requireNonNull(nodes.get(source));
            if (node.status == StepStatus.DONE || node.status == StepStatus.SKIPPED) {
              wire.finishes.put(
                  source, new ArrayDeque<>(List.of(new Finish(!node.closed, round(source)))));
            }
          }
        }
      }
    }
  }

  /** Whether what a source does can still make the target ready. */
  private boolean isOpen(Wire wire) {
    return inRounds || wire.target.status == StepStatus.PENDING;
  }

  /** Cuts off the branches that a step did not choose, unless they have begun already. */
  void close(String by, Iterable<String> ids) {
    for (String id : ids) {
      NodeProgress node = nodes.get(id);
      if (node != null && node.status == StepStatus.PENDING) {
        closing.put(id, round(by) + 1);
        if (node.node.triggers().size() == 1 && !isReady(id)) {
          cut.add(id);
        }
      }
    }
  }

  /** Lets every trigger that the node is a source of know that it finished, alive or cut off. */
  void finished(String id, boolean alive, State state) {
    for (Wire wire : outgoing.getOrDefault(id, List.of())) {
      if (!isOpen(wire)) {
        continue;
      }
      wire.finishes.computeIfAbsent(id, _ -> new ArrayDeque<>()).add(new Finish(alive, round(id)));
      while (wire.finishes.size() == wire.trigger.sources().size()) {
        boolean anyAlive = false;
        int latest = 0;
        for (var source : wire.finishes.values()) {
          Finish finish = source.removeFirst();
          anyAlive |= finish.alive();
          latest = Math.max(latest, finish.round());
        }
        wire.finishes.values().removeIf(ArrayDeque::isEmpty);
        fire(wire, anyAlive, latest + 1, state);
      }
    }
  }

  /**
   * A trigger of several sources that heard of some and not of the others.
   *
   * @param heard sources that finished
   * @param missing sources that did not
   * @param targets what it would have made ready
   */
  record HalfJoin(Set<String> heard, Set<String> missing, Set<String> targets) {}

  /** Those that there are now, in the order of the document. */
  List<HalfJoin> halfJoins() {
    Map<Set<String>, HalfJoin> found = new LinkedHashMap<>();
    for (NodeProgress node : nodes.values()) {
      for (Wire wire : outgoing.getOrDefault(node.node.id(), List.of())) {
        Set<String> sources = wire.trigger.sources();
        if (sources.size() > 1 && isOpen(wire) && wire.isHalf()) {
          found
              .computeIfAbsent(
                  sources,
                  _ -> {
                    Set<String> missing = new TreeSet<>(sources);
                    missing.removeAll(wire.finishes.keySet());
                    return new HalfJoin(
                        new TreeSet<>(wire.finishes.keySet()), missing, new LinkedHashSet<>());
                  })
              .targets()
              .add(wire.target.node.id());
        }
      }
    }
    return List.copyOf(found.values());
  }

  private void fire(Wire wire, boolean alive, int round, State state) {
    String target = wire.target.node.id();
    if (cut.remove(target)) {
      return;
    }
    if (alive) {
      if (wire.trigger.condition().test(state)) {
        add(new Turn(target, inRounds ? round : 0), false);
      }
    } else if (wire.target.node.triggers().size() == 1
        && wire.target.status == StepStatus.PENDING) {
      closing.put(target, round);
    }
  }
}
