package io.windlass.model;

import static io.windlass.model.SettingValues.first;
import static io.windlass.model.SettingValues.invalid;
import static io.windlass.model.SettingValues.onlyKnown;
import static io.windlass.model.SettingValues.required;
import static io.windlass.model.SettingValues.section;
import static io.windlass.model.SettingValues.text;

import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.tool.SecretVariables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Reads {@link ModelConfig} from environment variables and the {@code models} section. */
final class ModelSettings {
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
  private final Map<String, String> environment;
  private final SettingValues values;
  private final JsonNode file;

  ModelSettings(Map<String, String> environment, Map<String, ?> file) {
    this.environment = environment;
    this.values = new SettingValues(environment);
    this.file = Json.tree(file);
  }

  ModelConfig config() {
    onlyKnown("models", file, KEYS);
    Map<String, Endpoint> endpoints = new EndpointSettings(values).read(file);
    Map<String, String> aliases = new LinkedHashMap<>();
    JsonNode given = section(file, "aliases", "models.aliases");
    for (String alias : given.propertyNames()) {
      aliases.put(alias, required(given, alias, "models.aliases." + alias));
    }
    String script = first(values.variable("WINDLASS_MODEL_SCRIPT"), text(file, "script"));
    String prices = first(values.variable("WINDLASS_MODEL_PRICES"), text(file, "prices"));
    String standard = first(values.variable(DEFAULT_MODEL), text(file, "default"));
    return new ModelConfig(
        standard,
        standard == null
            ? ""
            : values.variable(DEFAULT_MODEL) == null ? "models.default" : DEFAULT_MODEL,
        timeout(),
        limits(),
        script == null ? null : Path.of(script),
        prices == null ? null : Path.of(prices),
        aliases,
        endpoints,
        programs());
  }

  private Duration timeout() {
    String variable = "WINDLASS_MODEL_TIMEOUT_MS";
    String given = first(values.variable(variable), text(file, "timeout_ms"));
    if (given == null) {
      variable = "CLAUDE_TIMEOUT_MS";
      given = values.variable(variable);
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
    String claude = first(values.variable("WINDLASS_CLAUDE_COMMAND"), text(file, "claude_command"));
    String codex = first(values.variable("WINDLASS_CODEX_COMMAND"), text(file, "codex_command"));
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
    String given = first(values.variable(variable), text(file, key));
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
        values.variable(variable) == null ? "models." + key : variable,
        given,
        "give a whole number from %d to %d".formatted(least, most));
  }
}
