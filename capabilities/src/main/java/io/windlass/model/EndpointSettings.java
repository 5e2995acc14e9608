package io.windlass.model;

import static io.windlass.model.SettingValues.first;
import static io.windlass.model.SettingValues.invalid;
import static io.windlass.model.SettingValues.onlyKnown;
import static io.windlass.model.SettingValues.required;
import static io.windlass.model.SettingValues.section;
import static io.windlass.model.SettingValues.text;
import static io.windlass.model.SettingValues.url;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which servers of models the settings name, each with its address, format and key. */
final class EndpointSettings {
  static final String OPENAI = "openai";
  static final String ANTHROPIC = "anthropic";
  static final String OPENAI_KEY = "OPENAI_API_KEY";
  static final String ANTHROPIC_KEY = "ANTHROPIC_API_KEY";
  static final String GEMINI = "gemini";
  static final String OLLAMA = "ollama";
  static final String LMSTUDIO = "lmstudio";
  static final String OPENROUTER = "openrouter";
  static final String GEMINI_KEY = "GEMINI_API_KEY";
  static final String OPENROUTER_KEY = "OPENROUTER_API_KEY";
  static final String OLLAMA_HOST = "OLLAMA_HOST";
  static final String LMSTUDIO_URL = "LMSTUDIO_BASE_URL";
  private static final Set<String> KEYS =
      Set.of("base_url", "api_key", "api_key_env", "model", "api");

  private final SettingValues values;

  EndpointSettings(SettingValues values) {
    this.values = values;
  }

  /**
   * By their names, those that the environment knows first.
   *
   * @param file the {@code models} section
   */
  Map<String, Endpoint> read(JsonNode file) {
    Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    JsonNode sections = section(file, "endpoints", "models.endpoints");
    addOpenAi(endpoints, own(sections, OPENAI));
    addAnthropic(endpoints, own(sections, ANTHROPIC));
    addGemini(endpoints, own(sections, GEMINI));
    addOpenRouter(endpoints, own(sections, OPENROUTER));
    addLocal(
        endpoints,
        OLLAMA,
        ollamaUrl(),
        "http://127.0.0.1:11434",
        own(sections, OLLAMA),
        sections.has(OLLAMA));
    addLocal(
        endpoints,
        LMSTUDIO,
        values.variable(LMSTUDIO_URL),
        "http://127.0.0.1:1234/v1",
        own(sections, LMSTUDIO),
        sections.has(LMSTUDIO));
    sections
        .propertyNames()
        .forEach(name -> {
          if (!endpoints.containsKey(name)) {
            endpoints.put(name, named(name, sections.get(name)));
          }
        });
    return endpoints;
  }

  private static JsonNode own(JsonNode sections, String name) {
    return section(sections, name, "models.endpoints." + name);
  }

  private void addOpenAi(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.openai", section, KEYS);
    String url = first(values.variable("OPENAI_BASE_URL"), text(section, "base_url"));
    String key = usable(OPENAI_KEY, first(values.variable(OPENAI_KEY), key(section)));
    String model = first(values.variable("OPENAI_MODEL"), text(section, "model"));
    if (url != null || key != null || model != null) {
      endpoints.put(
          OPENAI,
          new Endpoint(
              OPENAI,
              format("models.endpoints.openai", section, WireFormat.OPENAI),
              url("OPENAI_BASE_URL", url == null ? "https://api.openai.com/v1" : url),
              key,
              keyVariable(section, OPENAI_KEY),
              model,
              url != null));
    }
  }

  /** The variable is the server's root, as Anthropic's own programs have it. */
  private void addAnthropic(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.anthropic", section, KEYS);
    String key = usable(ANTHROPIC_KEY, first(values.variable(ANTHROPIC_KEY), key(section)));
    String base = values.variable("ANTHROPIC_BASE_URL");
    String compatible =
        (base == null
                ? "https://api.anthropic.com"
                : base.replaceFirst("/+$", "").replaceFirst("/v1$", ""))
            + "/v1";
    String url = text(section, "base_url");
    if (key != null || !section.isEmpty()) {
      endpoints.put(
          ANTHROPIC,
          new Endpoint(
              ANTHROPIC,
              format("models.endpoints.anthropic", section, WireFormat.ANTHROPIC),
              url("ANTHROPIC_BASE_URL", url == null ? compatible : url),
              key,
              keyVariable(section, ANTHROPIC_KEY),
              text(section, "model"),
              false));
    }
  }

  private void addGemini(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.gemini", section, KEYS);
    String variable = values.variable(GEMINI_KEY) == null ? "GOOGLE_API_KEY" : GEMINI_KEY;
    String key = usable(variable, first(values.variable(variable), key(section)));
    String url = first(values.variable("GEMINI_BASE_URL"), text(section, "base_url"));
    if (key != null || url != null || !section.isEmpty()) {
      endpoints.put(
          GEMINI,
          new Endpoint(
              GEMINI,
              format("models.endpoints.gemini", section, WireFormat.GEMINI),
              url(
                  "GEMINI_BASE_URL",
                  url == null ? "https://generativelanguage.googleapis.com/v1beta" : url),
              key,
              keyVariable(section, GEMINI_KEY),
              text(section, "model"),
              false));
    }
  }

  private void addOpenRouter(Map<String, Endpoint> endpoints, JsonNode section) {
    onlyKnown("models.endpoints.openrouter", section, KEYS);
    String key = usable(OPENROUTER_KEY, first(values.variable(OPENROUTER_KEY), key(section)));
    String url = first(values.variable("OPENROUTER_BASE_URL"), text(section, "base_url"));
    if (key != null || url != null || !section.isEmpty()) {
      endpoints.put(
          OPENROUTER,
          new Endpoint(
              OPENROUTER,
              format("models.endpoints.openrouter", section, WireFormat.OPENAI),
              url("OPENROUTER_BASE_URL", url == null ? "https://openrouter.ai/api/v1" : url),
              key,
              keyVariable(section, OPENROUTER_KEY),
              text(section, "model"),
              false));
    }
  }

  /** A server on one's own machine, which asks for no key. */
  private void addLocal(
      Map<String, Endpoint> endpoints,
      String name,
      @Nullable String given,
      String standard,
      JsonNode section,
      boolean named) {
    String where = "models.endpoints." + name;
    onlyKnown(where, section, KEYS);
    String url = first(given, text(section, "base_url"));
    if (url == null && !named) {
      return;
    }
    URI base = url(where + ".base_url", url == null ? standard : url);
    boolean own = name.equals(OLLAMA) && !base.getPath().endsWith("/v1");
    endpoints.put(
        name,
        new Endpoint(
            name,
            format(where, section, own ? WireFormat.OLLAMA : WireFormat.OPENAI),
            base,
            usable(where, key(section)),
            text(section, "api_key_env"),
            text(section, "model"),
            true));
  }

  /** What Ollama itself takes: a URL, a host, or a host and port. */
  private @Nullable String ollamaUrl() {
    String given = values.variable(OLLAMA_HOST);
    if (given == null) {
      return null;
    }
    String url = given.contains("://") ? given : "http://" + given;
    if (!url.matches("https?://[^/]*:\\d+(/.*)?") && !given.contains("://")) {
      url = url.replaceFirst("/*$", "") + ":11434";
    }
    return url.replaceFirst("://0\\.0\\.0\\.0(?=[:/]|$)", "://127.0.0.1");
  }

  private static WireFormat format(String where, JsonNode section, WireFormat standard) {
    String given = text(section, "api");
    if (given == null) {
      return standard;
    }
    for (WireFormat format : WireFormat.values()) {
      if (format.key().equals(given)) {
        return format;
      }
    }
    throw invalid(where + ".api", given, "give openai, anthropic, gemini or ollama");
  }

  private Endpoint named(String name, JsonNode section) {
    String where = "models.endpoints." + name;
    if (!name.matches("[a-z0-9][a-z0-9._-]*") || Models.RESERVED.contains(name)) {
      throw invalid(where, name, "use another name of lower-case letters, digits and . _ -");
    }
    onlyKnown(where, section, KEYS);
    return new Endpoint(
        name,
        format(where, section, WireFormat.OPENAI),
        url(where + ".base_url", required(section, "base_url", where + ".base_url")),
        usable(where, key(section)),
        text(section, "api_key_env"),
        text(section, "model"),
        true);
  }

  private @Nullable String key(JsonNode section) {
    String variable = text(section, "api_key_env");
    return first(variable == null ? null : values.variable(variable), text(section, "api_key"));
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
}
