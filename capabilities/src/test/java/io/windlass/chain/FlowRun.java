package io.windlass.chain;

import io.windlass.definition.Flow;
import io.windlass.definition.Guard;
import io.windlass.definition.Node;
import io.windlass.kernel.Json;
import io.windlass.step.ChildRequest;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.StepOutcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Walks an acyclic flow in one thread: enough of a runner to see what a document does. */
final class FlowRun {
  final Map<String, String> told = new TreeMap<>();
  final List<ChildRequest> children = new ArrayList<>();
  private final Flow flow;
  private final Function<ChildRequest, String> childResults;
  private final String gateChoice;
  private State state;
  private @Nullable String failure;

  FlowRun(Flow flow, State state, Function<ChildRequest, String> childResults, String gateChoice) {
    this.flow = flow;
    this.state = state;
    this.childResults = childResults;
    this.gateChoice = gateChoice;
  }

  String result() throws Exception {
    Set<String> finished = new HashSet<>();
    List<Node> left = new ArrayList<>(flow.nodes());
    while (!left.isEmpty() && failure == null) {
      Node next =
          left.stream()
              .filter(node ->
                  node.triggers().isEmpty()
                      || node.triggers().stream()
                          .anyMatch(trigger -> finished.containsAll(trigger.sources())))
              .findFirst()
              .orElseThrow();
      left.remove(next);
      if (!visit(next)) {
        break;
      }
      finished.add(next.id());
    }
    return failure == null ? flow.result().apply(state).stringValue() : "FAILED: " + failure;
  }

  State state() {
    return state;
  }

  /** Visits a node; false when the run ends here. */
  private boolean visit(Node node) throws Exception {
    switch (node.guard().check(state)) {
      case Guard.Run _ -> run(node);
      case Guard.Skip(String reason) -> skip(node, reason);
      case Guard.End(String reason) -> {
        skip(node, reason);
        return false;
      }
    }
    return true;
  }

  private void skip(Node node, String reason) {
    told.put(node.id(), "skipped: " + reason);
    set(node.output(), Json.text(""));
  }

  private void run(Node node) throws Exception {
    FakeStepContext context = new FakeStepContext(state);
    while (true) {
      switch (node.step().run(context)) {
        case StepOutcome.Done(JsonNode output, Map<String, JsonNode> more, Set<String> _) -> {
          told.put(node.id(), "done: " + output.stringValue());
          set(node.output(), output);
          state = state.with(more);
          return;
        }
        case StepOutcome.Skipped(String reason, _) -> {
          skip(node, reason);
          return;
        }
        case StepOutcome.Failed failed -> {
          failure = failed.error();
          return;
        }
        case StepOutcome.Ask ask -> {
          told.put(node.id() + "?", ask.question().prompt());
          context.answered(ask.key(), gateChoice, null);
        }
        case StepOutcome.RunChild child -> {
          children.add(child.request());
          context.child(child.key(), childResults.apply(child.request()));
        }
        case StepOutcome.Sleep _ -> throw new IllegalStateException("nothing here sleeps");
        case StepOutcome.RunAgain _ ->
            throw new IllegalStateException("nothing here has others run again");
      }
    }
  }

  private void set(@Nullable String variable, JsonNode value) {
    if (variable != null) {
      state = state.with(variable, value);
    }
  }
}
