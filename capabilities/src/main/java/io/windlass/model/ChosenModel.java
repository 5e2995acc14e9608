package io.windlass.model;

import java.util.Collection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model that a name stands for. */
public final class ChosenModel {
  private final String provider;
  private final String name;
  private final LanguageModel model;
  private final @Nullable String note;
  private final @Nullable Program program;

  ChosenModel(String provider, String name, LanguageModel model, @Nullable String note) {
    this(provider, name, model, note, null);
  }

  private ChosenModel(
      String provider,
      String name,
      LanguageModel model,
      @Nullable String note,
      @Nullable Program program) {
    this.provider = provider;
    this.name = name;
    this.model = model;
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

  /** What to ask; bounded in time. */
  public LanguageModel model() {
    return model;
  }

  /** What a person should know: that another model than the named one answers; else null. */
  public @Nullable String note() {
    return note;
  }

  /** For people and figures: {@code provider/name}. */
  public String label() {
    return name.isEmpty() || name.equals(provider) ? provider : provider + "/" + name;
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
    return new ChosenModel(provider, name, model, note, running);
  }

  /** The same, asked through another. */
  ChosenModel askedThrough(LanguageModel other) {
    return new ChosenModel(provider, name, other, note, program);
  }

  /** The same, telling that it answers for a name that nobody serves. */
  ChosenModel inPlaceOf(String asked) {
    return asked.isEmpty()
        ? this
        : new ChosenModel(
            provider,
            name,
            model,
            "Nothing serves model \"%s\", so %s answers".formatted(asked, label()),
            program);
  }
}
