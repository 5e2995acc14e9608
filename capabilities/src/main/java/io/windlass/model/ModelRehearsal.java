package io.windlass.model;

import io.windlass.step.Usage;
import io.windlass.text.StandIn;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The models of one dry run: names resolve as ever, but no model is asked. A script answers, or
 * else a marked stand-in; tokens are estimated and priced as those of the model that would answer.
 */
public final class ModelRehearsal {
  private final Models models;
  private final @Nullable Script script;
  private final @Nullable ScriptedModel scripted;
  private final Consumer<Call> listener;

  /**
   * A call that would have been made.
   *
   * @param asked the model's name as the step has it; empty when it has none
   * @param model the model that would answer, as {@code provider/name}
   * @param prompt what it would be asked
   * @param usage the estimated tokens, and their cost if the price is known
   * @param scripted whether the script answered
   */
  public record Call(String asked, String model, String prompt, Usage usage, boolean scripted) {}

  /**
   * @param listener told of each call on the thread that made it
   */
  ModelRehearsal(Models models, @Nullable Script script, Consumer<Call> listener) {
    this.models = models.rehearsed(this);
    this.script = script;
    this.scripted = script == null ? null : new ScriptedModel(script, ScriptedModel.Pace.AT_ONCE);
    this.listener = listener;
  }

  /** What steps are to be built with. */
  public Models models() {
    return models;
  }

  /**
   * The model of a step that names none, as documents read it: a script stands for a model, also
   * where none is set up.
   */
  public String standard() {
    String name = models.choose(null).name();
    return scripted != null && name.equals(OfflineModel.NAME) ? ScriptedModel.NAME : name;
  }

  /** When the bundled prices were gathered. */
  public String pricesAsOf() {
    return models.prices().asOf();
  }

  /** The script's answer in place of a tool; empty when it has none. */
  public Optional<String> tool(String step, String tool, String variable, String what) {
    return scripted == null
        ? Optional.empty()
        : Optional.ofNullable(scripted.tool(step, tool, variable, what));
  }

  ChosenModel inPlaceOf(ChosenModel chosen, String asked) {
    LanguageModel instead = (request, pieces) -> answer(chosen, asked, request, pieces);
    return chosen.rehearsed(instead);
  }

  private ModelAnswer answer(
      ChosenModel chosen, String asked, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    String label = chosen.label();
    ModelAnswer given = scripted == null ? null : scripted.find(asked, request, pieces);
    boolean isScripted = given != null;
    if (given == null && scripted != null && script != null) {
      given =
          script.otherwise() != null || Boolean.TRUE.equals(script.strict())
              ? scripted.unmatched(asked, request, pieces)
              : null;
    }
    String text = given == null ? StandInAnswer.to(request, label) : given.text();
    if (given == null) {
      pieces.accept(text);
    }
    Usage usage = usage(chosen, request, text, given == null ? Usage.NONE : given.usage());
    listener.accept(new Call(asked, label, request.prompt(), usage, isScripted));
    return given == null
        ? new ModelAnswer(text, ModelAnswer.Finish.STOP, usage)
        : new ModelAnswer(text, given.finish(), usage, given.calls());
  }

  /** What the script counts goes before what can only be estimated. */
  private Usage usage(ChosenModel chosen, ModelRequest request, String text, Usage counted) {
    long input = counted.inputTokens();
    if (input == 0) {
      input = request.system() == null ? 0 : StandIn.tokens(request.system());
      for (Message message : request.messages()) {
        input += StandIn.tokens(message.text());
      }
    }
    long output = counted.outputTokens() == 0 ? StandIn.tokens(text) : counted.outputTokens();
    Price price = models.price(chosen.provider(), chosen.name());
    return new Usage(
        chosen.label(), input, output, price == null ? null : price.of(input, 0, output));
  }
}
