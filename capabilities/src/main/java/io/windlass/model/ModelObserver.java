package io.windlass.model;

import io.windlass.step.Usage;

/** Is told of each whole answer, for figures; on the thread that asked, so it must be quick. */
@FunctionalInterface
public interface ModelObserver {
  ModelObserver NONE = (_, _, _) -> {};

  /**
   * A model has answered.
   *
   * @param provider who served it
   * @param model its name there; the provider's for one that chose its model itself
   * @param usage what the answer consumed
   */
  void answered(String provider, String model, Usage usage);
}
