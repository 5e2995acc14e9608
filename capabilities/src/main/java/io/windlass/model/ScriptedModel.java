package io.windlass.model;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers from a {@link Script}; for tests, dry runs and benchmarks. */
final class ScriptedModel {
  static final String NAME = "scripted";
  private static final int SHOWN = 200;
  private final Script script;
  private final AtomicIntegerArray used;

  private final Pace pace;

  /** Whether the script's delays are waited for. */
  enum Pace {
    REAL,
    AT_ONCE
  }

  ScriptedModel(Script script) {
    this(script, Pace.REAL);
  }

  ScriptedModel(Script script, Pace pace) {
    this.script = script;
    this.pace = pace;
    this.used = new AtomicIntegerArray(script.answers().size());
  }

  Script script() {
    return script;
  }

  /** The script as the model of a given name, which entries may ask for. */
  LanguageModel named(String model) {
    return (request, pieces) -> answer(model, request, pieces);
  }

  private ModelAnswer answer(String model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    ModelAnswer answer = find(model, request, pieces);
    return answer == null ? unmatched(model, request, pieces) : answer;
  }

  /** The answer of the first entry that matches; null when none does. */
  @Nullable ModelAnswer find(String model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    String prompt = request.prompt();
    int turn = request.turn();
    Script.Entry entry =
        take(one ->
            one.tool() == null
                && (one.turn() == null || one.turn() == turn)
                && (one.model() == null || one.model().equals(model))
                && matches(one, request.step(), prompt));
    if (entry == null) {
      return null;
    }
    pause(entry.delayMs());
    StringBuilder text = new StringBuilder();
    for (String piece : pieces(entry)) {
      if (!text.isEmpty()) {
        pause(entry.chunkDelayMs());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      pieces.accept(piece);
      text.append(piece);
    }
    if (entry.failure() != null) {
      throw failure(entry.failure());
    }
    ModelAnswer.Finish finish = entry.finish() == null ? null : finish(entry.finish());
    if (finish == null) {
      finish = entry.calls().isEmpty() ? ModelAnswer.Finish.STOP : ModelAnswer.Finish.TOOL;
    }
    return new ModelAnswer(
        text.toString(),
        finish,
        new Usage(NAME, entry.inputTokens(), entry.outputTokens(), BigDecimal.ZERO),
        calls(entry, request.messages().size()));
  }

  private static List<ToolUse> calls(Script.Entry entry, int length) {
    List<ToolUse> calls = new ArrayList<>();
    for (Script.Call call : entry.calls()) {
      String id = call.id() == null ? Conversation.id(length, calls.size()) : call.id();
      calls.add(new ToolUse(id, call.name(), call.text()));
    }
    return calls;
  }

  /** The text in place of a tool's; null when no entry matches. */
  @Nullable String tool(String step, String tool, String variable, String what) {
    Script.Entry entry =
        take(one ->
            tool.equals(one.tool())
                && (one.variable() == null || one.variable().equals(variable))
                && matches(one, step, what));
    return entry == null ? null : String.join("", pieces(entry));
  }

  private static boolean matches(Script.Entry entry, String step, String text) {
    return (entry.step() == null || entry.step().equals(step))
        && (entry.contains() == null || text.contains(entry.contains()))
        && (entry.match() == null || entry.match().matcher(text).find());
  }

  private Script.@Nullable Entry take(Predicate<Script.Entry> matches) {
    List<Script.Entry> answers = script.answers();
    for (int place = 0; place < answers.size(); place++) {
      Script.Entry entry = answers.get(place);
      if (matches.test(entry)
          && (entry.times() == null || used.getAndIncrement(place) < entry.times())) {
        return entry;
      }
    }
    return null;
  }

  /** What the script says of prompts that no entry matches. */
  ModelAnswer unmatched(String model, ModelRequest request, Consumer<String> pieces) {
    if (script.isStrict()) {
      String prompt = request.prompt();
      throw new ModelFailure(
          ModelFailure.Kind.UNSCRIPTED,
          "The model script has no answer left for step \"%s\" (model %s), whose prompt begins: %s. Add an entry for it, or set strict: false"
              .formatted(
                  request.step(),
                  model,
                  prompt.length() > SHOWN ? prompt.substring(0, SHOWN) + "…" : prompt));
    }
    String text = script.otherwise() == null ? "" : script.otherwise();
    if (!text.isEmpty()) {
      pieces.accept(text);
    }
    return new ModelAnswer(text, ModelAnswer.Finish.STOP, new Usage(NAME, 0, 0, BigDecimal.ZERO));
  }

  private static List<String> pieces(Script.Entry entry) {
    if (entry.chunks() != null) {
      return entry.chunks();
    }
    String text = entry.text() == null ? "" : entry.text();
    if (entry.chunkSize() == null) {
      return text.isEmpty() ? List.of() : List.of(text);
    }
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); from += entry.chunkSize()) {
      pieces.add(text.substring(from, Math.min(text.length(), from + entry.chunkSize())));
    }
    return pieces;
  }

  private static ModelFailure failure(Script.Failure failure) {
    String message = failure.message() == null ? "scripted failure" : failure.message();
    if (failure.status() == 0) {
      return new ModelFailure(ModelFailure.Kind.CONNECTION, NAME + ": " + message);
    }
    return new ModelFailure(
        ModelFailure.kindOf(failure.status(), false),
        "%s: HTTP %d: %s".formatted(NAME, failure.status(), message),
        failure.status(),
        null,
        null);
  }

  static ModelAnswer.@Nullable Finish finish(String name) {
    for (ModelAnswer.Finish finish : ModelAnswer.Finish.values()) {
      if (finish.name().toLowerCase(Locale.ROOT).equals(name)) {
        return finish;
      }
    }
    return null;
  }

  private void pause(long millis) throws InterruptedException {
    if (millis > 0 && pace == Pace.REAL) {
      Thread.sleep(Duration.ofMillis(millis));
    }
  }
}
