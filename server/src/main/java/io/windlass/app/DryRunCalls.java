package io.windlass.app;

import io.windlass.kernel.ExecutionId;
import io.windlass.model.ModelRehearsal;
import io.windlass.step.ForwardingKind;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The model calls of one dry run, with the places that they came from. */
final class DryRunCalls {
  /** Inherited by the threads that a step begins, where a loop or a debate makes its calls. */
  private static final InheritableThreadLocal<Place> PLACE = new InheritableThreadLocal<>();

  private final List<Placed> calls = new ArrayList<>();

  private record Place(ExecutionId execution, String step) {}

  private record Placed(Place place, ModelRehearsal.Call call) {}

  synchronized void add(ModelRehearsal.Call call) {
    calls.add(new Placed(PLACE.get(), call));
  }

  synchronized List<ModelRehearsal.Call> all() {
    return calls.stream().map(Placed::call).toList();
  }

  /** The first call of a step. */
  synchronized Optional<ModelRehearsal.Call> of(ExecutionId execution, String step) {
    Place place = new Place(execution, step);
    return calls.stream()
        .filter(placed -> placed.place().equals(place))
        .map(Placed::call)
        .findFirst();
  }

  /** The same kind, whose steps' calls are told apart. */
  static StepKind placed(StepKind kind) {
    return new ForwardingKind(kind) {
      @Override
      public Step bind(ObjectNode fields) {
        Step step = super.bind(fields);
        return context -> {
          PLACE.set(new Place(context.execution(), context.stepId()));
          try {
            return step.run(context);
          } finally {
            PLACE.remove();
          }
        };
      }
    };
  }
}
