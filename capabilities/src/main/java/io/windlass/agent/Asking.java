package io.windlass.agent;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ChosenModel;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelFailure;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.model.ToolSpec;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model, or the first of several that answers. A call that was answered is an effect: with
 * the same key it is answered from the journal, whichever model it was that answered.
 */
final class Asking {
  private final Models models;
  private final List<String> candidates;

  /**
   * @param candidates the models' names in the order of their trying; an empty one is the default
   */
  Asking(Models models, List<String> candidates) {
    this.models = models;
    this.candidates = List.copyOf(candidates);
  }

  /**
   * An answer and how it came.
   *
   * @param place which candidate gave it
   * @param broken what was streamed before it by candidates whose answers broke off
   * @param millis how long the answering candidate took; null in journals from before it was kept
   * @param lost what candidates before it consumed whose answers were cut off; null as above
   */
  record Reply(
      int place, ModelAnswer answer, String broken, @Nullable Long millis, @Nullable Usage lost) {
    /** What all candidates consumed that were asked. */
    Usage consumed() {
      return lost == null ? answer.usage() : lost.plus(answer.usage());
    }
  }

  /** No candidate answered. */
  static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;
    private final boolean retryable;
    private final transient Usage lost;

    Unanswered(String message, boolean retryable, Usage lost) {
      super(message);
      this.retryable = retryable;
      this.lost = lost;
    }

    /** Whether the same may work later. */
    boolean retryable() {
      return retryable;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /** From the first candidate on. */
  Reply ask(StepContext context, String key, ModelRequest request, Consumer<String> pieces)
      throws Exception {
    return ask(context, key, request, 0, pieces);
  }

  /**
   * Asks, and counts what it consumed.
   *
   * @param key the effect's key
   * @param first the candidate to begin with; those before it are tried last
   * @param pieces takes the text as it comes; nothing when the journal answers
   * @throws Unanswered when no candidate answers; nothing is recorded then
   */
  Reply ask(
      StepContext context, String key, ModelRequest request, int first, Consumer<String> pieces)
      throws Exception {
    Reply reply;
    try {
      reply =
          context.once(
              Effect.repeatable(key, "ask model " + named(first)),
              Reply.class,
              Reply::consumed,
              () -> firstAnswer(context, request, first, pieces));
    } catch (Unanswered e) {
      context.use(e.lost);
      throw e;
    }
    LatestAsked.note(request);
    return reply;
  }

  private Reply firstAnswer(
      StepContext context, ModelRequest request, int first, Consumer<String> pieces)
      throws Exception {
    List<String> failures = new ArrayList<>();
    boolean retryable = false;
    StringBuilder broken = new StringBuilder();
    Usage lost = Usage.NONE;
    for (int tried = 0; tried < candidates.size(); tried++) {
      int place = (first + tried) % candidates.size();
      StringBuilder streamed = new StringBuilder();
      long began = System.nanoTime();
      ChosenModel chosen = null;
      try {
        chosen = models.choose(candidates.get(place));
        ModelAnswer answer =
            ask(
                context,
                chosen,
                request,
                piece -> {
                  streamed.append(piece);
                  pieces.accept(piece);
                });
        return new Reply(
            place,
            answer,
            broken.toString(),
            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began),
            lost.isNone() ? null : lost);
      } catch (ModelFailure failure) {
        if (chosen != null) {
          lost = lost.plus(chosen.consumedBy(failure, !streamed.isEmpty()));
        }
        failures.add(failure.text());
        retryable |= failure.retryable();
      } catch (WindlassException failure) {
        if (failure.code().category() != ErrorCategory.UNAVAILABLE) {
          throw failure;
        }
        failures.add(failure.text());
      }
      broken.append(streamed);
      if (tried + 1 < candidates.size()) {
        context.log(
            LogLevel.WARN, "%s. Trying model %s".formatted(failures.getLast(), named(place + 1)));
      }
    }
    throw new Unanswered(String.join("; ", failures), retryable, lost);
  }

  private static ModelAnswer ask(
      StepContext context, ChosenModel chosen, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    if (chosen.note() != null) {
      context.log(LogLevel.INFO, chosen.note());
    }
    if (chosen.hasOwnTools() && !request.tools().isEmpty()) {
      context.log(LogLevel.WARN, ownTools(chosen, request));
    }
    return chosen.calledBy(context).ask(request, pieces);
  }

  /** That the tools of a step are not ours this time. */
  private static String ownTools(ChosenModel chosen, ModelRequest request) {
    List<String> left = new ArrayList<>(request.tools().stream().map(ToolSpec::name).toList());
    Set<String> replaced = new TreeSet<>(chosen.replaces(left));
    left.removeAll(replaced);
    return "Model %s uses tools of its own%s; no event tells of their single calls%s"
        .formatted(
            chosen.label(),
            replaced.isEmpty() ? "" : " in place of " + String.join(", ", replaced),
            left.isEmpty() ? "" : ". It does not get " + String.join(", ", left));
  }

  /**
   * Why a step's models may not be asked: one of them calls tools of its own, and people are to be
   * asked before some of these calls.
   *
   * @param tools the names of the step's tools
   * @param approve the tools that people are to be asked about, as documents name them
   */
  Optional<String> unapproved(String step, Collection<String> tools, Collection<String> approve) {
    if (approve.isEmpty()) {
      return Optional.empty();
    }
    for (String candidate : candidates) {
      ChosenModel chosen;
      try {
        chosen = models.choose(candidate);
      } catch (WindlassException e) {
        // That it is not set up is told when its turn comes.
        continue;
      }
      Set<String> asked = new TreeSet<>(tools);
      asked.addAll(chosen.replaces(tools));
      asked.removeIf(tool -> !ToolNames.cover(approve, tool));
      if (chosen.hasOwnTools() && !asked.isEmpty()) {
        return Optional.of(
            """
            Step "%s": model %s calls tools of its own, so nobody can be asked before its calls of \
            %s. Name a model that leaves tool calls to Windlass, such as one of anthropic or openai; \
            or take these out of approve_tools and WINDLASS_APPROVE_TOOLS\
            """
                .formatted(step, chosen.label(), String.join(", ", asked)));
      }
    }
    return Optional.empty();
  }

  private String named(int place) {
    String name = candidates.get(place % candidates.size());
    return name.isEmpty() ? "(default)" : "\"" + name + "\"";
  }
}
