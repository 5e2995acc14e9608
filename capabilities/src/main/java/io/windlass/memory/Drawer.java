package io.windlass.memory;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.step.StepContext;
import io.windlass.tool.PreToolCall;

/**
 * Where a call's things lie.
 *
 * @param owner the user whose execution it is
 * @param scope a name that executions share; the chain's own when the call names none
 */
record Drawer(String owner, String scope) {
  private static final int LONGEST_NAME = 200;

  /**
   * @param field the field that names the scope
   */
  static Drawer of(PreToolCall call, String field, Memory.Surroundings surroundings) {
    return of(call.context(), field, call.text(field), surroundings);
  }

  /**
   * @param field what the scope is called in messages
   * @param scope as it was given; empty for the chain's own
   */
  static Drawer of(
      StepContext context, String field, String scope, Memory.Surroundings surroundings) {
    String given = checked(field, scope.trim(), LONGEST_NAME);
    return new Drawer(
        surroundings.owner().apply(context.execution()),
        given.isEmpty() ? context.definitionName() : given);
  }

  /** A place of its own beside this one. */
  Drawer of(String kind) {
    return new Drawer(owner, kind + ":" + scope);
  }

  /**
   * A text that is to be kept; without NUL characters, which PostgreSQL cannot keep.
   *
   * @throws WindlassException TOO_LARGE naming the field and the limit
   */
  static String checked(String field, String text, int limit) {
    if (text.length() > limit) {
      throw new WindlassException(
          ErrorCode.TOO_LARGE,
          "%s has %d characters, more than the %d that are kept; shorten or split it"
              .formatted(field, text.length(), limit));
    }
    return text.replace("\0", "");
  }

  /** {@link #checked} for a text that must not be empty. */
  static String required(String field, String text, int limit) {
    String trimmed = checked(field, text.trim(), limit);
    if (trimmed.isEmpty()) {
      throw WindlassException.invalid(field + " is empty");
    }
    return trimmed;
  }
}
