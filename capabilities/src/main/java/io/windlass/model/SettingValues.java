package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Single values of environment and file, and what is wrong with one that cannot be used. */
final class SettingValues {
  private static final JsonNode NOTHING = Json.object();
  private final Map<String, String> environment;

  SettingValues(Map<String, String> environment) {
    this.environment = environment;
  }

  static URI url(String setting, String value) {
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

  /** A variable of the environment; null when it is not set, or blank. */
  @Nullable String variable(String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** A map of the file; empty when it is not given. */
  static JsonNode section(JsonNode parent, String name, String where) {
    JsonNode section = parent.get(name);
    if (section == null || section.isNull()) {
      return NOTHING;
    }
    if (!section.isObject()) {
      throw invalid(where, section.toString(), "give a map of names and values");
    }
    return section;
  }

  /** A value of the file; null when it is not given, or blank. */
  static @Nullable String text(JsonNode section, String name) {
    String value = Json.show(section.get(name)).strip();
    return value.isEmpty() ? null : value;
  }

  static String required(JsonNode section, String name, String where) {
    String value = text(section, name);
    if (value == null) {
      throw invalid(where, "", "it must be set");
    }
    return value;
  }

  static @Nullable String first(@Nullable String one, @Nullable String other) {
    return one == null ? other : one;
  }

  static void onlyKnown(String where, JsonNode section, Set<String> known) {
    if (!section.isObject()) {
      throw invalid(where, "", "give a map of names and values");
    }
    for (String name : section.propertyNames()) {
      if (!known.contains(name)) {
        throw invalid(where + "." + name, "", "unknown key; known are " + known);
      }
    }
  }

  /**
   * What is wrong with a setting; a password in an address is not shown.
   *
   * @param value as it was given; empty to leave it out
   */
  static WindlassException invalid(String setting, String value, String advice) {
    String shown = value.isEmpty() ? "" : " is \"" + value.replaceAll("//[^/@]*@", "//***@") + "\"";
    return WindlassException.invalid("Setting %s%s: %s".formatted(setting, shown, advice));
  }
}
