package io.windlass.model;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a model's name stands for. A name is {@code provider/model}, an alias, or a bare name whose
 * beginning tells the provider; the table is in {@code docs/models.md}.
 */
final class ModelNames {
  private static final Pattern CLAUDE =
      Pattern.compile("claude([-.].*)?|(haiku|sonnet|opus)([-.\\d\\[].*)?");
  private static final Pattern OPENAI = Pattern.compile("(gpt|chatgpt)-.*|o\\d+([-.].*)?");
  private static final Pattern GOOGLE = Pattern.compile("gemini-.*");
  private static final String GEMINI_STANDARD = "gemini-2.5-flash";
  private static final String OPENAI_STANDARD = "gpt-4o-mini";
  private static final Map<String, String> CLAUDE_SHORT =
      Map.of(
          "claude", "claude-sonnet-4-5",
          "haiku", "claude-haiku-4-5",
          "sonnet", "claude-sonnet-4-5",
          "opus", "claude-opus-4-5");
  private static final int ALIAS_DEPTH = 8;

  private final ModelConfig config;

  ModelNames(ModelConfig config) {
    this.config = config;
  }

  /** Who answers. */
  sealed interface Target {}

  record Offline() implements Target {}

  /** A model of a configured server. */
  record Served(String provider, String model) implements Target {}

  /**
   * A model of a command line.
   *
   * @param model empty for the program's own choice
   * @param command what is run
   * @param asked the name that led there
   */
  record OfProgram(String provider, String model, String command, String asked) implements Target {}

  /**
   * What a name stands for, and how it was taken.
   *
   * @param inPlaceOf the name that nobody serves and this answers for; null for none
   * @param prefix what looks like a provider and is none that is set up; null for nothing
   */
  record Named(Target target, @Nullable String inPlaceOf, @Nullable String prefix) {
    Named(Target target) {
      this(target, null, null);
    }

    Named inPlaceOfAsked(String asked) {
      return asked.isEmpty() ? this : new Named(target, asked, null);
    }
  }

  /**
   * Finds it.
   *
   * @param asked empty for the default
   * @throws WindlassException NOT_CONFIGURED when its provider is not set up, naming the setting
   */
  Named find(String asked) {
    if (asked.equals(OfflineModel.NAME)) {
      return new Named(new Offline());
    }
    if (asked.equals(ScriptedModel.NAME) || asked.startsWith(ScriptedModel.NAME + "/")) {
      throw missing(
          asked, "no script is set; set WINDLASS_MODEL_SCRIPT or models.script to its file");
    }
    if (program(asked, asked) != null) {
      return named(asked, asked, new LinkedHashSet<>());
    }
    if (config.isEmpty() && !config.aliases().containsKey(asked)) {
      return new Named(new Offline());
    }
    if (!asked.isEmpty()) {
      return named(asked, asked, new LinkedHashSet<>());
    }
    return config.standard() == null
        ? named(standard(), asked, new LinkedHashSet<>())
        : byDefault(config.standard(), asked, new LinkedHashSet<>());
  }

  /** That a name cannot be used, and what to do. */
  static WindlassException missing(String name, String advice) {
    return new WindlassException(
        ErrorCode.NOT_CONFIGURED, "Model \"%s\" is not configured: %s".formatted(name, advice));
  }

  /** What was set for want of another; an error tells where it was. */
  private Named byDefault(String standard, String asked, Set<String> seen) {
    try {
      return named(standard, standard, seen);
    } catch (WindlassException e) {
      throw new WindlassException(
          e.code(),
          "%s. It is the default model, set by %s%s"
              .formatted(
                  e.text(),
                  config.standardSetting(),
                  asked.isEmpty() ? "" : ", in place of \"" + asked + "\""));
    }
  }

  private Named named(String name, String asked, Set<String> seen) {
    String target = config.aliases().get(name);
    if (target != null && !target.equals(name) && seen.size() < ALIAS_DEPTH && seen.add(name)) {
      return named(target, asked, seen);
    }
    if (target != null && !target.equals(name)) {
      throw missing(
          asked, "its aliases lead in a circle through " + seen + "; mend models.aliases");
    }
    if (name.equals(OfflineModel.NAME) || name.equals(OfflineModel.LABEL)) {
      return new Named(new Offline());
    }
    OfProgram program = program(name, asked);
    if (program != null) {
      return new Named(program);
    }
    int slash = name.indexOf('/');
    String provider = slash < 0 ? "" : name.substring(0, slash);
    String rest = name.substring(slash + 1);
    if (isServed(provider)) {
      return served(
          provider, provider.equals(EndpointSettings.ANTHROPIC) ? full(rest) : rest, asked);
    }
    switch (provider) {
      case OfflineModel.NAME ->
          throw missing(
              asked,
              "offline has no models of other names; write offline, or name one of a provider");
      case EndpointSettings.OPENAI -> throw missing(asked, "set " + EndpointSettings.OPENAI_KEY);
      case EndpointSettings.ANTHROPIC ->
          throw missing(asked, "set " + EndpointSettings.ANTHROPIC_KEY);
      case EndpointSettings.GEMINI -> throw missing(asked, "set " + EndpointSettings.GEMINI_KEY);
      case EndpointSettings.OPENROUTER ->
          throw missing(asked, "set " + EndpointSettings.OPENROUTER_KEY);
      case EndpointSettings.OLLAMA, EndpointSettings.LMSTUDIO ->
          throw missing(
              asked,
              "set %s, or add its base_url under models.endpoints.%s in windlass.yaml"
                  .formatted(
                      provider.equals(EndpointSettings.OLLAMA)
                          ? EndpointSettings.OLLAMA_HOST
                          : EndpointSettings.LMSTUDIO_URL,
                      provider));
      default -> {
        // A server may know names with a slash, as openrouter and vLLM do.
        Named named = bare(name, asked);
        return !provider.isEmpty() && named.inPlaceOf() == null
            ? new Named(named.target(), null, provider)
            : named;
      }
    }
  }

  private @Nullable OfProgram program(String name, String asked) {
    int slash = name.indexOf('/');
    String provider = slash < 0 ? name : name.substring(0, slash);
    String model = slash < 0 ? "" : name.substring(slash + 1);
    return switch (provider) {
      case ClaudeProgram.NAME -> new OfProgram(provider, model, config.programs().claude(), asked);
      case CodexProgram.NAME -> new OfProgram(provider, model, config.programs().codex(), asked);
      default -> null;
    };
  }

  private Named bare(String name, String asked) {
    if (CLAUDE.matcher(name).matches()) {
      return isServed(EndpointSettings.ANTHROPIC)
          ? served(EndpointSettings.ANTHROPIC, full(name), asked)
          : standIn(name, asked, EndpointSettings.ANTHROPIC_KEY);
    }
    if (OPENAI.matcher(name).matches()) {
      return isServed(EndpointSettings.OPENAI)
          ? served(EndpointSettings.OPENAI, name, asked)
          : standIn(name, asked, EndpointSettings.OPENAI_KEY);
    }
    if (GOOGLE.matcher(name).matches()) {
      return isServed(EndpointSettings.GEMINI)
          ? served(EndpointSettings.GEMINI, name, asked)
          : standIn(name, asked, EndpointSettings.GEMINI_KEY);
    }
    if (isServed(EndpointSettings.OPENAI)) {
      return served(EndpointSettings.OPENAI, name, asked);
    }
    List<String> custom =
        config.endpoints().values().stream().filter(Endpoint::custom).map(Endpoint::name).toList();
    if (custom.size() == 1) {
      return served(custom.getFirst(), name, asked);
    }
    return standIn(name, asked, "models.endpoints");
  }

  /** A name that no configured provider is known to serve. */
  private Named standIn(String name, String asked, String setting) {
    String standard = config.standard();
    if (standard != null && !target(standard).equals(name)) {
      return byDefault(standard, asked, new LinkedHashSet<>(Set.of(name))).inPlaceOfAsked(asked);
    }
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.model() != null && !endpoint.name().equals(EndpointSettings.ANTHROPIC)) {
        return served(endpoint.name(), endpoint.model(), asked).inPlaceOfAsked(asked);
      }
    }
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.custom()) {
        return served(endpoint.name(), name, asked);
      }
    }
    throw missing(
        asked.isEmpty() ? name : asked,
        "set %s, or say what to use instead with models.aliases or %s"
            .formatted(setting, ModelSettings.DEFAULT_MODEL));
  }

  /** The name for steps that have none, where no default was set. */
  private String standard() {
    for (Endpoint endpoint : config.endpoints().values()) {
      if (endpoint.model() != null) {
        return endpoint.name() + "/" + endpoint.model();
      }
    }
    if (isServed(EndpointSettings.OPENAI)) {
      return EndpointSettings.OPENAI + "/" + OPENAI_STANDARD;
    }
    if (isServed(EndpointSettings.ANTHROPIC)) {
      return EndpointSettings.ANTHROPIC + "/sonnet";
    }
    if (isServed(EndpointSettings.GEMINI)) {
      return EndpointSettings.GEMINI + "/" + GEMINI_STANDARD;
    }
    throw new WindlassException(
        ErrorCode.NOT_CONFIGURED,
        "The step names no model, and no default is set: set %s or models.default"
            .formatted(ModelSettings.DEFAULT_MODEL));
  }

  /** Where a name's aliases lead. */
  private String target(String name) {
    String target = name;
    for (int depth = 0; depth < ALIAS_DEPTH; depth++) {
      target = config.aliases().getOrDefault(target, target);
    }
    return target;
  }

  private boolean isServed(String provider) {
    return config.endpoints().containsKey(provider);
  }

  private Named served(String provider, String name, String asked) {
    Endpoint endpoint = config.endpoints().get(provider);
    if (endpoint == null) {
      throw new IllegalStateException("No server " + provider);
    }
    if (endpoint.lacksKey()) {
      throw missing(
          asked.isEmpty() ? provider + "/" + name : asked,
          "set %s (any value will do for a server that asks for none)"
              .formatted(endpoint.keyVariable()));
    }
    return new Named(new Served(provider, name));
  }

  private static String full(String claude) {
    return CLAUDE_SHORT.getOrDefault(claude, claude);
  }
}
