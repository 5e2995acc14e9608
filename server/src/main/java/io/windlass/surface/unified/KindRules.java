package io.windlass.surface.unified;

import io.windlass.execution.AdmissionLimit;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What this surface must know of one kind of definition.
 *
 * @param limits how many may run at once for a user; null for no limit of this surface's making
 * @param planner tells what a run would do; null when the kind has none
 */
public record KindRules(
    Function<String, @Nullable AdmissionLimit> limits, @Nullable Planner planner) {
  public static final KindRules PLAIN = of(null, null);

  /** The same limit for all users together. */
  public static KindRules of(@Nullable AdmissionLimit limit, @Nullable Planner planner) {
    return new KindRules(_ -> limit, planner);
  }

  @Nullable AdmissionLimit limit(String user) {
    return limits.apply(user);
  }

  /** The limit of a kind for a user; null also when nothing is known of the kind. */
  static @Nullable AdmissionLimit limit(Map<String, KindRules> kinds, String kind, String user) {
    KindRules rules = kinds.get(kind);
    return rules == null ? null : rules.limit(user);
  }
}
