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

  /**
   * When it was to end as far as its start could tell, whatever has become of it since; the same
   * whenever it is asked. Empty when there was no earlier run to tell from.
   */
  default Optional<Instant> foreseen(Execution execution) {
    return Optional.empty();
  }

  /** How long its steps take, as far as its start could tell. */
  default StepTimes times(Execution execution) {
    return StepTimes.unknown();
  }
}
