package io.windlass.model;

import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model that a name stands for. It is asked in somebody's name, who has to account for it. */
public final class ChosenModel {
  private final String provider;
  private final String name;
  private final LanguageModel model;
  private final @Nullable String note;
  private final @Nullable Program program;

  private final Terms terms;

  /**
   * What a call of it has to do with money.
   *
   * @param price null when it is not known
   * @param toll what every call goes through
   */
  record Terms(@Nullable Price price, Toll toll) {
    static final Terms FREE = new Terms(Price.FREE, Toll.NONE);
  }

  /**
   * @param model what to ask; bounded in time
   * @param note what a person should know; null for nothing
   */
  ChosenModel(
      String provider, String name, LanguageModel model, Terms terms, @Nullable String note) {
    this(provider, name, model, terms, note, null);
  }

  private ChosenModel(
      String provider,
      String name,
      LanguageModel model,
      Terms terms,
      @Nullable String note,
      @Nullable Program program) {
    this.provider = provider;
    this.name = name;
    this.model = model;
    this.terms = terms;
    this.note = note;
    this.program = program;
  }

  /** Who serves it. */
  public String provider() {
    return provider;
  }

  /** The model's name there. */
  public String name() {
    return name;
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
    return new TolledModel(model, terms.toll(), payer, provider, name, terms.price());
  }

  /** The model itself, for nobody's account. */
  LanguageModel model() {
    return model;
  }

  /** What a person should know of how the name was taken; else null. */
  public @Nullable String note() {
    return note;
  }

  /** For people and figures: {@code provider/name}. */
  public String label() {
    return name.isEmpty() || name.equals(provider) ? provider : provider + "/" + name;
  }

  /**
   * What a call that failed has consumed: nothing, or, when the answer was cut off, something that
   * nobody has counted.
   *
   * @param heard whether a part of the answer came
   */
  public Usage consumedBy(ModelFailure failure, boolean heard) {
    if (!failure.mayHaveCost(heard)) {
      return Usage.NONE;
    }
    Price price = terms.price();
    return new Usage(label(), 0, 0, price != null && price.isFree() ? BigDecimal.ZERO : null);
  }

  /** Whether it calls tools of its own, and never asks for one of those that it is given. */
  public boolean hasOwnTools() {
    return program != null;
  }

  /**
   * The tools of ours in whose place it uses its own; empty for a model that has none.
   *
   * @param offered the names of the tools that it is given
   */
  public Set<String> replaces(Collection<String> offered) {
    return program == null ? Set.of() : program.replaces(offered);
  }

  /** The same, as a program that calls its own tools. */
  ChosenModel withOwnTools(Program running) {
    return new ChosenModel(provider, name, model, terms, note, running);
  }

  /** Another in its place, which asks nobody and so costs nothing. */
  ChosenModel rehearsed(LanguageModel instead) {
    return new ChosenModel(provider, name, instead, Terms.FREE, note, program);
  }

  /** The same, telling that it answers for a name that nobody serves. */
  ChosenModel inPlaceOf(String asked) {
    return asked.isEmpty()
        ? this
        : noting("Nothing serves model \"%s\", so %s answers".formatted(asked, label()));
  }

  /** The same, telling that its name begins like that of a provider which is not set up. */
  ChosenModel passedOn(String prefix) {
    return noting(
        "No provider \"%s\" is set up, so %s is asked for \"%s\" as it is"
            .formatted(prefix, provider, name));
  }

  private ChosenModel noting(String told) {
    return new ChosenModel(provider, name, model, terms, told, program);
  }
}
