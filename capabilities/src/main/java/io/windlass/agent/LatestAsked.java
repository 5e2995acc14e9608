package io.windlass.agent;

import io.windlass.model.ModelRequest;
import org.jspecify.annotations.Nullable;

/** The conversation that a step had with a model last, for who goes on with it. */
final class LatestAsked {
  /** That of the step that the thread runs. */
  static final ScopedValue<LatestAsked> CURRENT = ScopedValue.newInstance();

  private volatile @Nullable ModelRequest request;

  /** Notes what was asked, and answered. */
  static void note(ModelRequest asked) {
    if (CURRENT.isBound()) {
      CURRENT.get().request = asked;
    }
  }

  /** Null when no model was asked. */
  @Nullable ModelRequest request() {
    return request;
  }
}
