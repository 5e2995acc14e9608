package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads {@link ModelConfig} from environment variables and the {@code models} section. */
final class ModelSettings {
  static final String OPENAI = "openai";
  static final String ANTHROPIC = "anthropic";
  static final String OPENAI_KEY = "OPENAI_API_KEY";
  static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
  static final String DEFAULT_MODEL = "WINDLASS_DEFAULT_MODEL";
  private static final Set<String> KEYS =
      Set.of("default", "timeout_ms", "script", "prices", "aliases", "endpoints");
  private static final Set<String> ENDPOINT_KEYS =
      Set.of("base_url", "api_key", "api_key_env", "model");
  private static final JsonNode NOTHING = Json.object();
  private final Map<String, String> environment;
  private final JsonNode file;

  ModelSettings(Map<String, String> environment, Map<String, ?> file) {
    this.environment = environment;
    this.file = Json.tree(file);
  }

  ModelConfig config() {
    onlyKnown("models", file, KEYS);
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    JsonNode sections = section(file, "endpoints", "models.endpoints");
    addOpenAi(endpoints, section(sections, OPENAI, "models.endpoints." + OPENAI));
    addAnthropic(endpoints, section(sections, ANTHROPIC, "models.endpoints." + ANTHROPIC));
    sections
        .propertyNames()
        .forEach(name -> {
          if (!endpoints.containsKey(name)) {
            endpoints.put(name, named(name, sections.get(name)));
          }
        });
    Map<String, String> aliases = new LinkedHashMap<>();
    JsonNode given = section(file, "aliases", "models.aliases");
    for (String alias : given.propertyNames()) {
      aliases.put(alias, required(given, alias, "models.aliases." + alias));
    }
    String script = first(variable("WINDLASS_MODEL_SCRIPT"), text(file, "script"));
    String prices = first(variable("WINDLASS_MODEL_PRICES"), text(file, "prices"));
    return new ModelConfig(
        first(variable(DEFAULT_MODEL), text(file, "default")),
        timeout(),
        script == null ? null : Path.of(script),
        prices == null ? null : Path.of(prices),
        aliases,
        endpoints);
  }

  private void addOpenAi(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.openai", section, ENDPOINT_KEYS);
    String url = first(variable("OPENAI_BASE_URL"), text(section, "base_url"));
    String key = usable(OPENAI_KEY, first(variable(OPENAI_KEY), key(section)));
    String model = first(variable("OPENAI_MODEL"), text(section, "model"));
    if (url != null || key != null || model != null) {
      endpoints.put(
          OPENAI,
          new Endpoint(
              OPENAI,
              url("OPENAI_BASE_URL", url == null ? "https://api.openai.com/v1" : url),
              key,
              keyVariable(section, OPENAI_KEY),
              model,
              url != null));
    }
  }

  /** Claude models answer at Anthropic's own OpenAI-compatible path, below the same base URL. */
  private void addAnthropic(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.anthropic", section, ENDPOINT_KEYS);
    String key = usable(ANTHROPIC_KEY, first(variable(ANTHROPIC_KEY), key(section)));
    String base = variable("ANTHROPIC_BASE_URL");
    String compatible =
        (base == null ? "https://api.anthropic.com" : base.replaceFirst("/+$", "")) + "/v1";
    String url = text(section, "base_url");
    if (key != null || !section.isEmpty()) {
      endpoints.put(
          ANTHROPIC,
          new Endpoint(
              ANTHROPIC,
              url("ANTHROPIC_BASE_URL", url == null ? compatible : url),
              key,
              keyVariable(section, ANTHROPIC_KEY),
              text(section, "model"),
              false));
    }
  }

  private Endpoint named(String name, JsonNode section) {
    String where = "models.endpoints." + name;
    if (!name.matches("[a-z0-9][a-z0-9._-]*") || Models.RESERVED.contains(name)) {
      throw invalid(where, name, "use another name of lower-case letters, digits and . _ -");
    }
    onlyKnown(where, section, ENDPOINT_KEYS);
    return new Endpoint(
        name,
        url(where + ".base_url", required(section, "base_url", where + ".base_url")),
        usable(where, key(section)),
        text(section, "api_key_env"),
        text(section, "model"),
        true);
  }

  private @Nullable String key(JsonNode section) {
    String variable = text(section, "api_key_env");
    return first(variable == null ? null : variable(variable), text(section, "api_key"));
  }

  /** A key that cannot be a header's value would be quoted in the client's own error. */
  private static @Nullable String usable(String setting, @Nullable String key) {
    if (key != null && !key.matches("[\\x21-\\x7e]+")) {
      throw invalid(setting, "", "the key has spaces, line ends or other unusable characters");
    }
    return key;
  }

  private static String keyVariable(JsonNode section, String standard) {
    String variable = text(section, "api_key_env");
    return variable == null ? standard : variable;
  }

  private Duration timeout() {
    String variable = "WINDLASS_MODEL_TIMEOUT_MS";
    String given = first(variable(variable), text(file, "timeout_ms"));
    if (given == null) {
      variable = "CLAUDE_TIMEOUT_MS";
      given = variable(variable);
    }
    if (given == null) {
      return ModelConfig.TIMEOUT;
    }
    try {
      long millis = Long.parseLong(given.trim());
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw invalid(variable, given, "give whole milliseconds, such as 300000");
    }
    throw invalid(variable, given, "give more than 0 milliseconds");
  }

  private static URI url(String setting, String value) {
    try {
      URI url = URI.create(value.strip().replaceFirst("/+$", ""));
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw invalid(setting, value, "give a URL such as http://127.0.0.1:8000/v1");
    }
    throw invalid(setting, value, "give an http:// or https:// URL with a host");
  }

  private @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  private static JsonNode section(JsonNode parent, String name, String where) {
    JsonNode section = parent.get(name);
    if (section == null || section.isNull()) {
      return NOTHING;
    }
    if (!section.isObject()) {
      throw invalid(where, section.toString(), "give a map of names and values");
    }
    return section;
  }

  private static @Nullable String text(JsonNode section, String name) {
    String value = Json.show(section.get(name)).strip();
    return value.isEmpty() ? null : value;
  }

  private static String required(JsonNode section, String name, String where) {
    String value = text(section, name);
    if (value == null) {
      throw invalid(where, "", "it must be set");
    }
    return value;
  }

  private static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }

  private static void onlyKnown(String where, JsonNode section, Set<String> known) {
    if (!section.isObject()) {
      throw invalid(where, "", "give a map of names and values");
    }
    for (String name : section.propertyNames()) {
      if (!known.contains(name)) {
        throw invalid(where + "." + name, "", "unknown key; known are " + known);
      }
    }
  }

  private static WindlassException invalid(String setting, String value, String advice) {
    String shown = value.isEmpty() ? "" : " is \"" + value.replaceAll("//[^/@]*@", "//***@") + "\"";
    return WindlassException.invalid("Setting %s%s: %s".formatted(setting, shown, advice));
  }
}
