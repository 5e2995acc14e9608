package io.windlass.app;

import io.windlass.chain.Yaml;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.Nearest;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The settings as they were given: environment variables over {@code windlass.yaml}. */
final class Settings {
  static final String FILE = "WINDLASS_CONFIG";
  static final String MODELS = "models";
  private static final String PREFIX = "WINDLASS_";
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)?");
  private static final Pattern PASSWORD = Pattern.compile("(:)[^:@/]+(@)|(password=)[^&]+");

  /**
   * Variables of this prefix that other parts, the launcher and the command line read, and those
   * that a server has which a step of another one starts.
   */
  static final Set<String> FOREIGN =
      Set.of(
          FILE,
          "WINDLASS_PROCESS_TREE",
          "WINDLASS_MCP_PROCESS",
          "WINDLASS_DEFAULT_MODEL",
          "WINDLASS_MODEL_SCRIPT",
          "WINDLASS_MODEL_PRICES",
          "WINDLASS_MODEL_TIMEOUT_MS",
          "WINDLASS_MODEL_IDLE_TIMEOUT_MS",
          "WINDLASS_MODEL_RETRIES",
          "WINDLASS_CLAUDE_COMMAND",
          "WINDLASS_CODEX_COMMAND",
          "WINDLASS_MODEL_MAX_CONCURRENT",
          "WINDLASS_LAUNCHER",
          "WINDLASS_JAVA_OPTS",
          "WINDLASS_AOT",
          "WINDLASS_TRACE",
          "WINDLASS_URL",
          "WINDLASS_CHAINS_URL",
          "WINDLASS_SERVER_COMMAND");

  private final Map<String, String> environment;
  private final ObjectNode file;

  private Settings(Map<String, String> environment, ObjectNode file) {
    this.environment = environment;
    this.file = file;
  }

  /**
   * Reads the file that WINDLASS_CONFIG names, or {@code windlass.yaml} in the folder if it exists.
   *
   * @throws WindlassException NOT_CONFIGURED for a setting that nobody knows, or an unusable file
   */
  static Settings read(Map<String, String> environment, Path folder) {
    Settings settings = new Settings(environment, file(environment, folder));
    settings.refuseUnknown();
    return settings;
  }

  private static ObjectNode file(Map<String, String> environment, Path folder) {
    String named = environment.get(FILE);
    Path path = folder.resolve(named == null ? "windlass.yaml" : named);
    if (named == null && !Files.exists(path)) {
      return Json.object();
    }
    try {
      String text = Files.readString(path);
      JsonNode read = text.isBlank() ? Json.object() : Yaml.read(text);
      if (read instanceof ObjectNode object) {
        return object;
      }
      throw wrong(path + " must hold keys and values, as \"port: 7070\"");
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "The settings file %s%s cannot be read (%s): %s"
              .formatted(
                  path,
                  named == null ? "" : ", which " + FILE + " names,",
                  FileTrouble.why(e),
                  named == null
                      ? "make it readable, or move it away"
                      : "set " + FILE + " to a readable file, or unset it"),
          e);
    } catch (WindlassException e) {
      throw new WindlassException(ErrorCode.NOT_CONFIGURED, path + ": " + e.text(), e);
    }
  }

  private void refuseUnknown() {
    Set<String> variables = new HashSet<>(FOREIGN);
    Set<String> keys = new TreeSet<>(Set.of(MODELS));
    for (Setting setting : Setting.values()) {
      variables.addAll(setting.variables());
      keys.add(setting.key());
    }
    for (String name : new TreeSet<>(environment.keySet())) {
      if (name.startsWith(PREFIX) && !variables.contains(name)) {
        throw wrong(
            "Unknown setting %s in the environment%s".formatted(name, hint(name, variables)));
      }
    }
    for (String key : file.propertyNames()) {
      if (!keys.contains(key)) {
        throw wrong("Unknown setting %s in the settings file%s".formatted(key, hint(key, keys)));
      }
    }
  }

  private static String hint(String name, Set<String> known) {
    return Nearest.of(name, known)
        .map(near -> "; did you mean \"" + near + "\"?")
        .orElse(": docs/configuration.md lists the known ones");
  }

  Optional<String> text(Setting setting) {
    for (String variable : setting.variables()) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        return Optional.of(value.strip());
      }
    }
    JsonNode value = file.get(setting.key());
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(part -> parts.add(Json.show(part)));
      return Optional.of(String.join(",", parts));
    }
    if (value.isObject()) {
      throw wrong(setting.key() + " in the settings file must be a value, not a section");
    }
    return Optional.of(Json.show(value).strip()).filter(text -> !text.isEmpty());
  }

  /** The name under which it was given, for messages; its first one when it was not. */
  String nameOf(Setting setting) {
    for (String variable : setting.variables()) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        return variable;
      }
    }
    return file.hasNonNull(setting.key())
        ? setting.key() + " in the settings file"
        : setting.variables().getFirst();
  }

  int number(Setting setting, int fallback, int least, int most) {
    Optional<String> text = text(setting);
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw unusable(setting, text.get(), "a whole number from " + least + " to " + most);
    }
    throw unusable(setting, text.get(), "a whole number from " + least + " to " + most);
  }

  /** A number that {@code off} stands for 0 of. */
  int limit(Setting setting, int fallback, int most) {
    boolean off = text(setting).map(text -> text.equalsIgnoreCase("off")).orElse(false);
    return off ? 0 : number(setting, fallback, 0, most);
  }

  boolean flag(Setting setting) {
    String text = text(setting).orElse("false").toLowerCase(Locale.ROOT);
    return switch (text) {
      case "true", "yes", "on", "1" -> true;
      case "false", "no", "off", "0" -> false;
      default -> throw unusable(setting, text, "true or false");
    };
  }

  /** As {@code 10s}, {@code 500ms}, {@code 2m}; a bare number counts seconds. */
  Duration duration(Setting setting, Duration fallback) {
    Optional<String> text = text(setting);
    if (text.isEmpty()) {
      return fallback;
    }
    Matcher matcher = DURATION.matcher(text.get().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw unusable(setting, text.get(), "a duration as 10s, 500ms or 2m");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      case null, default -> Duration.ofSeconds(amount);
    };
  }

  /** The parts between commas. */
  Set<String> list(Setting setting) {
    Set<String> parts = new TreeSet<>();
    for (String part : text(setting).orElse("").split(",")) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return parts;
  }

  /** The {@code models} section of the file, which the models read themselves. */
  Map<String, JsonNode> models() {
    JsonNode section = file.get(MODELS);
    if (section == null || section.isNull()) {
      return Map.of();
    }
    if (section instanceof ObjectNode object) {
      Map<String, JsonNode> values = new LinkedHashMap<>();
      object.properties().forEach(value -> values.put(value.getKey(), value.getValue()));
      return values;
    }
    throw wrong("models in the settings file must be a section of keys and values");
  }

  Map<String, String> environment() {
    return environment;
  }

  /** One {@code name = value} line for each setting that was given; secrets masked. */
  List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (Setting setting : Setting.values()) {
      text(setting)
          .ifPresent(value ->
              lines.add(nameOf(setting) + " = " + (setting.isSecret() ? "***" : masked(value))));
    }
    return lines;
  }

  static String masked(String value) {
    return PASSWORD.matcher(value).replaceAll("$1$3***$2");
  }

  WindlassException unusable(Setting setting, String value, String expected) {
    return wrong("%s must be %s, not %s".formatted(nameOf(setting), expected, value));
  }

  private static WindlassException wrong(String message) {
    return new WindlassException(ErrorCode.NOT_CONFIGURED, message);
  }
}
