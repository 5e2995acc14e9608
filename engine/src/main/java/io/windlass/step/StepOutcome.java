package io.windlass.step;

import io.windlass.kernel.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How one run of a step ended, or what it waits for. */
public sealed interface StepOutcome {
  /**
   * Finished.
   *
   * @param output the step's result; also set under the node's output name unless {@code set} has
   *     it
   * @param set variables to set
   * @param close nodes that shall not run, as a router's unchosen branches do not
   */
  record Done(JsonNode output, Map<String, JsonNode> set, Set<String> close)
      implements StepOutcome {
    public Done {
      set = Map.copyOf(set);
      close = Set.copyOf(close);
    }
  }

  /**
   * Did nothing; the node's output is the empty text and its dependants still run.
   *
   * @param keep null when a resume of the run comes to the same from the effects there are; else
   *     they led here, and it does them anew but for those whose keys begin with this
   */
  record Skipped(String reason, @Nullable String keep) implements StepOutcome {
    public Skipped(String reason) {
      this(reason, null);
    }
  }

  /**
   * Failed as expected.
   *
   * @param error for people: the thing, the value, what to do next
   * @param retryable whether the node's retry policy may try again
   * @param keep null when another attempt, or a resume of the run, goes on from the effects of this
   *     one; else they led to the failure, and it does them anew but for those whose keys begin
   *     with this
   */
  record Failed(String error, boolean retryable, @Nullable String keep) implements StepOutcome {
    /** A failure of what the step did last; what it did before stands. */
    public Failed(String error, boolean retryable) {
      this(error, retryable, null);
    }
  }

  /** Wait for a person: the engine opens the approval once per key and runs the step again. */
  record Ask(String key, Question question) implements StepOutcome {}

  /**
   * Wait for another execution, started once per key; then the step is run again.
   *
   * @param atMost how long to wait: after that {@link StepContext#slept} holds for {@link
   *     #timeUp(String)}, and what becomes of the child is for the step to say; null for as long as
   *     it takes
   */
  record RunChild(String key, ChildRequest request, @Nullable Duration atMost)
      implements StepOutcome {
    private static final String TIME = "time:";

    /** A child that may take as long as it needs. */
    public RunChild(String key, ChildRequest request) {
      this(key, request, null);
    }

    /** What tells that the time for the child of that key is over. */
    public static String timeUp(String key) {
      return TIME + key;
    }

    /** Whether a key of {@link StepContext#slept} is about the time for a child. */
    public static boolean isTimeUp(String key) {
      return key.startsWith(TIME);
    }
  }

  /** Wait for a time; then the step is run again. */
  record Sleep(String key, Instant until) implements StepOutcome {}

  /**
   * Wait until another step, which is done, has been run again; then this step is run again. The
   * other step's output and variables are replaced, and nothing else that depends on it runs again.
   *
   * @param key unique among what this visit of the step waits for
   * @param step the other step's id
   * @param with variables that only the other step sees, in that run
   * @param keep the beginning of the keys of its effects that are not repeated but answered from
   *     its run before
   */
  record RunAgain(String key, String step, Map<String, JsonNode> with, String keep)
      implements StepOutcome {
    public RunAgain {
      with = Map.copyOf(with);
    }
  }

  static Done done(String output) {
    return new Done(Json.text(output), Map.of(), Set.of());
  }

  static Done done(JsonNode output) {
    return new Done(output, Map.of(), Set.of());
  }
}
