package io.windlass.surface.compute;

import io.windlass.execution.Execution;
import java.time.Instant;
import java.util.Optional;

/** Tells from earlier runs when a run will probably have ended. */
@FunctionalInterface
interface Forecast {
  /** Knows nothing. */
  Forecast NONE = _ -> Optional.empty();

  /** Empty when there is no earlier run to tell from. */
  Optional<Instant> end(Execution execution);

  /** How long its steps take. */
  default StepTimes times(Execution execution) {
    return StepTimes.unknown();
  }
}
