package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.tool.SecretVariables;
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
  static final String GEMINI = "gemini";
  static final String OLLAMA = "ollama";
  static final String LMSTUDIO = "lmstudio";
  static final String OPENROUTER = "openrouter";
  static final String GEMINI_KEY = "GEMINI_API_KEY";
  static final String OPENROUTER_KEY = "OPENROUTER_API_KEY";
  static final String OLLAMA_HOST = "OLLAMA_HOST";
  static final String LMSTUDIO_URL = "LMSTUDIO_BASE_URL";
  static final String DEFAULT_MODEL = "WINDLASS_DEFAULT_MODEL";
  private static final Set<String> KEYS =
      Set.of(
          "default",
          "timeout_ms",
          "idle_timeout_ms",
          "retries",
          "max_concurrent",
          "claude_command",
          "codex_command",
          "script",
          "prices",
          "aliases",
          "endpoints");
  private static final Set<String> ENDPOINT_KEYS =
      Set.of("base_url", "api_key", "api_key_env", "model", "api");
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
    addGemini(endpoints, section(sections, GEMINI, "models.endpoints." + GEMINI));
    addOpenRouter(endpoints, section(sections, OPENROUTER, "models.endpoints." + OPENROUTER));
    addLocal(
        endpoints,
        OLLAMA,
        ollamaUrl(),
        "http://127.0.0.1:11434",
        section(sections, OLLAMA, "models.endpoints." + OLLAMA),
        sections.has(OLLAMA));
    addLocal(
        endpoints,
        LMSTUDIO,
        variable(LMSTUDIO_URL),
        "http://127.0.0.1:1234/v1",
        section(sections, LMSTUDIO, "models.endpoints." + LMSTUDIO),
        sections.has(LMSTUDIO));
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
    String standard = first(variable(DEFAULT_MODEL), text(file, "default"));
    return new ModelConfig(
        standard,
        standard == null ? "" : variable(DEFAULT_MODEL) == null ? "models.default" : DEFAULT_MODEL,
        timeout(),
        limits(),
        script == null ? null : Path.of(script),
        prices == null ? null : Path.of(prices),
        aliases,
        endpoints,
        programs());
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
    onlyKnown("models.endpoints.anthropic", section, ENDPOINT_KEYS);
    String key = usable(ANTHROPIC_KEY, first(variable(ANTHROPIC_KEY), key(section)));
    String base = variable("ANTHROPIC_BASE_URL");
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
    onlyKnown("models.endpoints.gemini", section, ENDPOINT_KEYS);
    String variable = variable(GEMINI_KEY) == null ? "GOOGLE_API_KEY" : GEMINI_KEY;
    String key = usable(variable, first(variable(variable), key(section)));
    String url = first(variable("GEMINI_BASE_URL"), text(section, "base_url"));
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
    onlyKnown("models.endpoints.openrouter", section, ENDPOINT_KEYS);
    String key = usable(OPENROUTER_KEY, first(variable(OPENROUTER_KEY), key(section)));
    String url = first(variable("OPENROUTER_BASE_URL"), text(section, "base_url"));
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
    onlyKnown(where, section, ENDPOINT_KEYS);
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
    String given = variable(OLLAMA_HOST);
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
    onlyKnown(where, section, ENDPOINT_KEYS);
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

  private Programs programs() {
    String claude = first(variable("WINDLASS_CLAUDE_COMMAND"), text(file, "claude_command"));
    String codex = first(variable("WINDLASS_CODEX_COMMAND"), text(file, "codex_command"));
    return new Programs(
        claude == null ? "claude" : claude,
        codex == null ? "codex" : codex,
        environment,
        Launcher.unowned(SecretVariables.without(System.getenv(), Set.of())));
  }

  private Limits limits() {
    Limits standard = Limits.STANDARD;
    return new Limits(
        (int) whole("WINDLASS_MODEL_RETRIES", "retries", standard.retries(), 0, 10),
        Duration.ofMillis(
            whole(
                "WINDLASS_MODEL_IDLE_TIMEOUT_MS",
                "idle_timeout_ms",
                standard.idle().toMillis(),
                1,
                Duration.ofDays(1).toMillis())),
        (int)
            whole(
                "WINDLASS_MODEL_MAX_CONCURRENT",
                "max_concurrent",
                standard.concurrent(),
                0,
                1_000_000));
  }

  private long whole(String variable, String key, long standard, long least, long most) {
    String given = first(variable(variable), text(file, key));
    if (given == null) {
      return standard;
    }
    if (given.matches("\\d{1,12}")) {
      long number = Long.parseLong(given);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw invalid(
        variable(variable) == null ? "models." + key : variable,
        given,
        "give a whole number from %d to %d".formatted(least, most));
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
