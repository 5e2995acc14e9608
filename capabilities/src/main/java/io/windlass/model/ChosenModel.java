package io.windlass.model;

import org.jspecify.annotations.Nullable;

/**
 * The model that a name stands for.
 *
 * @param provider who serves it
 * @param name the model's name there
 * @param model what to ask; bounded in time
 * @param note what a person should know: that another model than the named one answers; else null
 */
public record ChosenModel(
    String provider, String name, LanguageModel model, @Nullable String note) {

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
            "Nothing serves model \"%s\", so %s/%s answers".formatted(asked, provider, name));
  }
}
