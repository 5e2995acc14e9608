package io.windlass.model;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A model whose calls go through a toll. */
final class TolledModel implements LanguageModel {
  private final LanguageModel model;
  private final Toll toll;
  private final Payer payer;
  private final String provider;
  private final String name;
  private final @Nullable Price price;

  TolledModel(
      LanguageModel model,
      Toll toll,
      Payer payer,
      String provider,
      String name,
      @Nullable Price price) {
    this.model = model;
    this.toll = toll;
    this.payer = payer;
    this.provider = provider;
    this.name = name;
    this.price = price;
  }

  @Override
  public ModelAnswer ask(ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    if (toll.isOpen()) {
      return model.ask(request, pieces);
    }
    Toll.Call call = new Toll.Call(provider, name, Estimate.of(request), price);
    Toll.Passage passage = toll.enter(payer, call);
    StringBuffer heard = new StringBuffer();
    boolean mayHaveCost = true;
    try {
      ModelAnswer answer =
          model.ask(
              request,
              piece -> {
                heard.append(piece);
                pieces.accept(piece);
              });
      mayHaveCost = false;
      passage.paid(usage(call, answer));
      return answer;
    } catch (ModelFailure failure) {
      mayHaveCost &= failure.mayHaveCost(!heard.isEmpty());
      if (!mayHaveCost) {
        passage.spared();
      }
      throw failure;
    } finally {
      if (mayHaveCost) {
        passage.paid(priced(call, call.inputTokens(), Estimate.of(heard.toString())));
      }
    }
  }

  /** What a provider does not count is estimated. */
  private Usage usage(Toll.Call call, ModelAnswer answer) {
    Usage told = answer.usage();
    if (told.inputTokens() == 0 && told.outputTokens() == 0) {
      return priced(call, call.inputTokens(), Estimate.of(answer.text()));
    }
    if (told.costUsd() != null) {
      return told;
    }
    return priced(call, told.inputTokens(), told.outputTokens());
  }

  private Usage priced(Toll.Call call, long input, long output) {
    BigDecimal cost = price == null ? null : price.of(input, 0, output);
    return new Usage(call.label(), input, output, cost);
  }
}
