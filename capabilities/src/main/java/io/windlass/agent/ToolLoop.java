package io.windlass.agent;

import io.windlass.model.Message;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelRequest;
import io.windlass.model.ToolSpec;
import io.windlass.model.ToolUse;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.tool.Arguments;
import io.windlass.tool.PreTools;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One conversation of a step with its model: a call, the tools that the model asks for, their
 * results, and so on until it asks for none or has no turn left.
 */
final class ToolLoop {
  /** So many turns in a row whose calls could none of them be carried out end the step. */
  static final int MOST_UNUSABLE = 5;

  private static final String LAST =
      "\n\n[No turns are left: further tool calls are not carried out. Answer now.]";

  private final StepContext context;
  private final String scope;
  private final Asking asking;
  private final ToolCalls tools;
  private final int maxTurns;
  private final SpokenText spoken;
  private final History history;

  /**
   * @param scope sets the effects of this conversation apart from those of others in the step
   * @param first the request of the first turn, without tools
   */
  ToolLoop(
      StepContext context,
      String scope,
      Asking asking,
      ToolCalls tools,
      int maxTurns,
      ModelRequest first) {
    this.context = context;
    this.scope = scope;
    this.asking = asking;
    this.tools = tools;
    this.maxTurns = maxTurns;
    this.spoken = new SpokenText(context);
    this.history = new History(first);
  }

  /**
   * Goes through the conversation from its beginning; what has happened is taken from the journal.
   *
   * @param ending makes the step's outcome of the answer that asks for no tool
   */
  StepOutcome run(Function<ModelAnswer, StepOutcome> ending) throws Exception {
    int place = 0;
    int unusable = 0;
    for (int turn = 0; ; turn++) {
      boolean last = turn == maxTurns - 1;
      List<ToolSpec> specs = last && turn == 0 ? List.of() : tools.specs();
      SpokenText.Turn text = spoken.turn();
      Asking.Reply reply;
      try {
        reply =
            asking.ask(
                context,
                "model:%s:%d".formatted(scope, turn),
                history.request(specs),
                place,
                text::piece);
      } catch (Asking.Unanswered e) {
        return new StepOutcome.Failed(e.text(), e.retryable());
      }
      place = reply.place();
      ModelAnswer answer = reply.answer();
      text.end(reply);
      if (answer.calls().isEmpty()) {
        return ending.apply(answer);
      }
      if (last) {
        return outOfTurns(answer, ending);
      }
      List<ToolUse> calls = history.asked(turn, answer);
      switch (tools.run(scope + ":" + turn, calls)) {
        case ToolCalls.Waiting(StepOutcome.Ask ask) -> {
          return ask;
        }
        case ToolCalls.Ran(List<CallResult> results) -> {
          unusable = results.stream().allMatch(CallResult::unusable) ? unusable + 1 : 0;
          if (unusable == MOST_UNUSABLE) {
            return new StepOutcome.Failed(
                "The model's tool calls could not be carried out %d turns in a row, at last: %s"
                    .formatted(unusable, results.getLast().text()),
                false,
                PreTools.EFFECTS);
          }
          history.answered(calls, results, turn + 1 == maxTurns - 1 ? LAST : "");
        }
      }
    }
  }

  private StepOutcome outOfTurns(ModelAnswer answer, Function<ModelAnswer, StepOutcome> ending) {
    String names = String.join(", ", answer.calls().stream().map(ToolUse::name).toList());
    String what =
        "The model still asks for tools (%s) after %d turns; raise max_turns"
            .formatted(names, maxTurns);
    if (answer.text().isBlank()) {
      return new StepOutcome.Failed(what, false, PreTools.EFFECTS);
    }
    context.log(LogLevel.WARN, what + ". What it said with that is taken as its answer");
    return ending.apply(answer);
  }

  /** The messages so far. */
  private static final class History {
    /** The most characters of tool results that one request holds; the oldest give way. */
    private static final int RESULTS = 400_000;

    private final ModelRequest first;
    private final List<Message> messages;

    History(ModelRequest first) {
      this.first = first;
      this.messages = new ArrayList<>(first.messages());
    }

    /**
     * The calls of an answer, fit to be told to any model: ids that differ, arguments that parse.
     */
    List<ToolUse> asked(int turn, ModelAnswer answer) {
      List<ToolUse> calls = new ArrayList<>();
      List<ToolUse> told = new ArrayList<>();
      for (ToolUse use : answer.calls()) {
        boolean fresh = !use.id().isBlank() && !isKnown(use.id());
        boolean unique = calls.stream().noneMatch(other -> other.id().equals(use.id()));
        String id = fresh && unique ? use.id() : "call_%d_%d".formatted(turn, calls.size());
        calls.add(new ToolUse(id, use.name(), use.arguments()));
        told.add(
            new ToolUse(
                id, use.name(), Arguments.isObject(use.arguments()) ? use.arguments() : "{}"));
      }
      messages.add(new Message.Assistant(answer.text(), told));
      return calls;
    }

    private boolean isKnown(String id) {
      return messages.stream()
          .anyMatch(
              message -> message instanceof Message.ToolAnswer answer && answer.id().equals(id));
    }

    void answered(List<ToolUse> calls, List<CallResult> results, String note) {
      for (int i = 0; i < calls.size(); i++) {
        ToolUse call = calls.get(i);
        CallResult result = results.get(i);
        String text = i == calls.size() - 1 ? result.text() + note : result.text();
        messages.add(new Message.ToolAnswer(call.id(), call.name(), text, result.failed()));
      }
    }

    ModelRequest request(List<ToolSpec> specs) {
      List<Message> kept = new ArrayList<>();
      int room = RESULTS;
      for (Message message : messages.reversed()) {
        if (message
            instanceof Message.ToolAnswer(String id, String name, String text, boolean failed)) {
          room -= text.length();
          kept.add(
              room >= 0
                  ? message
                  : new Message.ToolAnswer(
                      id,
                      name,
                      "[%d characters of an older result, left out; call again if needed]"
                          .formatted(text.length()),
                      failed));
        } else {
          kept.add(message);
        }
      }
      return first.with(kept.reversed(), specs);
    }
  }
}
