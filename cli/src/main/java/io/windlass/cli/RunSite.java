package io.windlass.cli;

import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One execution at one surface: how it is watched, cancelled and answered there. */
sealed interface RunSite {
  String id();

  /** Where the questions of what it started are. */
  Http unified();

  RunWatch watch(long patienceMs, Consumer<String> notes);

  void cancel();

  /** The first decision wins, so a refusal may mean that somebody was faster. */
  void decide(RunEvent.Asked question, boolean yes, String reason);

  /**
   * The same where there is more to answer than yes and no.
   *
   * @param approval the question's id
   */
  default void choose(String approval, String choice, String reason) {
    ObjectNode decision = Documents.object().put("choice", choice);
    decideAt(unified(), approval, reasoned(decision, reason));
  }

  /**
   * The run of a chain or pipeline at the chains surface.
   *
   * @param records where the records of its kind are
   */
  record OfChain(Http chains, Http unified, String records, String id) implements RunSite {
    @Override
    public RunWatch watch(long patienceMs, Consumer<String> notes) {
      String stream = Http.path("executions", id, "stream");
      return new RunWatch(chains, stream, Http.path(records, id), null, patienceMs, notes);
    }

    @Override
    public void cancel() {
      var _ = chains.send("DELETE", Http.path("executions", id), null, Map.of());
    }

    @Override
    public void decide(RunEvent.Asked question, boolean yes, String reason) {
      if (!question.child().isEmpty()) {
        decideAt(unified, question.approval(), decision(yes, reason));
        return;
      }
      // A pipeline's steps are named REF/STEP, which are segments of their own.
      String step = Http.path(question.step().split("/", -1));
      var _ = chains.post(Http.path("executions", id, "approve") + step, decision(yes, reason));
    }
  }

  /**
   * A run of any kind at the unified surface.
   *
   * @param after the event after which it is watched; null for the beginning
   */
  record OfAny(Http unified, String id, @Nullable String after) implements RunSite {
    @Override
    public RunWatch watch(long patienceMs, Consumer<String> notes) {
      String record = Http.path("v1", "executions", id);
      return new RunWatch(unified, record + "/stream", record, after, patienceMs, notes);
    }

    @Override
    public void cancel() {
      var _ = unified.post(Http.path("v1", "executions", id, "cancel"), Documents.object());
    }

    @Override
    public void decide(RunEvent.Asked question, boolean yes, String reason) {
      decideAt(unified, question.approval(), decision(yes, reason));
    }
  }

  private static void decideAt(Http unified, String approval, ObjectNode decision) {
    var _ = unified.post(Http.path("v1", "approvals", approval, "decide"), decision);
  }

  private static ObjectNode decision(boolean yes, String reason) {
    return reasoned(Documents.object().put("approved", yes), reason);
  }

  private static ObjectNode reasoned(ObjectNode decision, String reason) {
    return reason.isBlank() ? decision : decision.put("reason", reason);
  }
}
