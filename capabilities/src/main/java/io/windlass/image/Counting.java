package io.windlass.image;

import io.windlass.model.Toll;
import io.windlass.step.StepContext;
import org.jspecify.annotations.Nullable;

/** Asked before each picture whether it may be made. */
@FunctionalInterface
public interface Counting {
  /** Counts nothing. */
  Counting NONE = (_, _, _, _) -> null;

  /**
   * Lets one call pass.
   *
   * @return what to tell the end of the call; null when nobody counts it
   */
  Toll.@Nullable Passage enter(StepContext step, String provider, String model, String prompt);
}
