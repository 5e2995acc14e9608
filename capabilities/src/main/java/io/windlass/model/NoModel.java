package io.windlass.model;

/** How people are told that no language model is configured, and what to set. */
public final class NoModel {
  public static final String TOLD = "no language model is configured";

  /** The settings that lead to the nearest one. */
  static final String NEAREST =
      EndpointSettings.OPENAI_KEY + " (and OPENAI_BASE_URL for another compatible endpoint)";

  /** What to do about it, as a part of a sentence. */
  public static final String REMEDY =
      "set %s, %s or another provider's key, and start again"
          .formatted(NEAREST, EndpointSettings.ANTHROPIC_KEY);

  /** Behind an error that answers of the offline model led to. */
  static final String CAVEAT =
      "It is the model \"%s\" that answered, for %s: %s".formatted(OfflineModel.NAME, TOLD, REMEDY);

  /** The same where models are configured, and another one was asked for by name. */
  static final String CHOSEN =
      "It is the model \"%s\" that answered, which is no language model: name another one"
          .formatted(OfflineModel.NAME);

  private NoModel() {}
}
