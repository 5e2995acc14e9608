package io.windlass.model;

import io.windlass.step.StepContext;
import org.jspecify.annotations.Nullable;

/** The model that a name stands for. It is asked in somebody's name, who has to account for it. */
public final class ChosenModel {
  private final String provider;
  private final String name;
  private final LanguageModel model;
  private final @Nullable Price price;
  private final Toll toll;
  private final @Nullable String note;

  /**
   * @param model what to ask; bounded in time
   * @param price null when it is not known
   * @param toll what every call goes through
   */
  ChosenModel(
      String provider,
      String name,
      LanguageModel model,
      @Nullable Price price,
      Toll toll,
      @Nullable String note) {
    this.provider = provider;
    this.name = name;
    this.model = model;
    this.price = price;
    this.toll = toll;
    this.note = note;
  }

  /** Who serves it. */
  public String provider() {
    return provider;
  }

  /** The model's name there. */
  public String name() {
    return name;
  }

  /** What a person should know: that another model than the named one answers; else null. */
  public @Nullable String note() {
    return note;
  }

  /** The model, asked for a step. */
  public LanguageModel calledBy(StepContext step) {
    return calledBy(new Payer.OfStep(step));
  }

  /** The model, asked for a user outside of any execution. */
  public LanguageModel calledBy(String user) {
    return calledBy(new Payer.OfUser(user));
  }

  private LanguageModel calledBy(Payer payer) {
    return new TolledModel(model, toll, payer, provider, name, price);
  }

  /** The model itself, for nobody's account. */
  LanguageModel model() {
    return model;
  }

  /** For people and figures: {@code provider/name}. */
  String label() {
    return name.isEmpty() || name.equals(provider) ? provider : provider + "/" + name;
  }

  /** The same, telling that it answers for a name that nobody serves. */
  ChosenModel inPlaceOf(String asked) {
    return asked.isEmpty()
        ? this
        : new ChosenModel(
            provider,
            name,
            model,
            price,
            toll,
            "Nothing serves model \"%s\", so %s/%s answers".formatted(asked, provider, name));
  }

  /** Another in its place, which asks nobody and so costs nothing. */
  ChosenModel rehearsed(LanguageModel instead) {
    return new ChosenModel(provider, name, instead, Price.FREE, Toll.NONE, note);
  }
}
