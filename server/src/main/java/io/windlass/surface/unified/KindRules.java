package io.windlass.surface.unified;

import io.windlass.execution.AdmissionLimit;
import org.jspecify.annotations.Nullable;

/**
 * What this surface must know of one kind of definition.
 *
 * @param limit how many may run at once; null for no limit of this surface's making
 * @param planner tells what a run would do; null when the kind has none
 */
public record KindRules(@Nullable AdmissionLimit limit, @Nullable Planner planner) {
  public static final KindRules PLAIN = new KindRules(null, null);
}
