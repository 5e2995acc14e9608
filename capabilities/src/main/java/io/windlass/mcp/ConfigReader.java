package io.windlass.mcp;

import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one server's settings as the clients in use write them, and tells what is wrong. */
final class ConfigReader {
  /** Numbers from here on can only be meant as milliseconds. */
  private static final long MILLIS = 1_000;

  private final String name;
  private final ObjectNode raw;
  private final List<String> faults = new ArrayList<>();

  ConfigReader(String name, ObjectNode raw) {
    this.name = name;
    this.raw = raw;
  }

  /** Empty when there are {@link #faults()}. */
  Optional<ServerConfig> read() {
    String command = text("command");
    String url = text("url", "httpUrl", "serverUrl");
    List<String> words = command();
    if (command == null && !words.isEmpty()) {
      command = words.getFirst();
    }
    List<String> args =
        new ArrayList<>(words.isEmpty() ? List.of() : words.subList(1, words.size()));
    args.addAll(texts("args"));
    checkTransport(command, url);
    Duration callTime = time("timeout", ServerConfig.TIMEOUT);
    ServerConfig config =
        new ServerConfig(
            name,
            url == null ? command : null,
            args,
            url,
            map("env"),
            map("headers"),
            text("cwd"),
            !flag("disabled", false) && flag("enabled", true),
            isTimed("timeout") ? callTime : null,
            time("startup_timeout", ServerConfig.START_TIMEOUT),
            time("idle_timeout", ServerConfig.IDLE),
            raw);
    return faults.isEmpty() ? Optional.of(config) : Optional.empty();
  }

  List<String> faults() {
    return List.copyOf(faults);
  }

  private void checkTransport(@Nullable String command, @Nullable String url) {
    String type = text("type", "transport");
    String kind = type == null ? "" : type.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
    switch (kind) {
      case "", "stdio", "http", "streamablehttp" -> {}
      case "sse" ->
          fault(
              "type",
              "\"sse\" is the transport that the protocol has given up; use the server's streamable HTTP address with \"type\": \"http\"");
      default -> fault("type", "must be stdio or http, not \"" + type + "\"");
    }
    if (command == null && url == null) {
      fault("command", "is missing: give the program to start, or the url of a server");
    } else if (command != null && url != null && kind.isEmpty()) {
      fault("type", "must say stdio or http, since there is both a command and a url");
    } else if (url == null && kind.endsWith("http")) {
      fault("url", "is missing, which a server of the type http needs");
    } else if (command == null && kind.equals("stdio")) {
      fault("command", "is missing, which a server of the type stdio needs");
    }
  }

  private void fault(String field, String reason) {
    faults.add(field + ": " + reason);
  }

  private @Nullable String text(String... fields) {
    for (String field : fields) {
      JsonNode value = raw.get(field);
      if (value == null || value.isNull() || value.isArray()) {
        continue;
      }
      if (!value.isString()) {
        fault(field, "must be text, not " + value);
      } else if (!value.stringValue().isBlank()) {
        return value.stringValue().strip();
      }
    }
    return null;
  }

  /** A command that is written as a list of words. */
  private List<String> command() {
    return raw.path("command").isArray() ? texts("command") : List.of();
  }

  private List<String> texts(String field) {
    List<String> texts = new ArrayList<>();
    JsonNode value = raw.get(field);
    if (value == null || value.isNull()) {
      return texts;
    }
    if (!value.isArray()) {
      fault(field, "must be a list of texts, not " + value.getNodeType());
      return texts;
    }
    for (JsonNode one : value) {
      if (one.isContainer()) {
        fault(field, "must be a list of texts, but one of them is " + one.getNodeType());
      }
      texts.add(Json.show(one));
    }
    return texts;
  }

  private Map<String, String> map(String field) {
    Map<String, String> map = new LinkedHashMap<>();
    JsonNode value = raw.get(field);
    if (value == null || value.isNull()) {
      return map;
    }
    if (!value.isObject()) {
      fault(field, "must be an object of names and texts");
      return map;
    }
    value
        .properties()
        .forEach(one -> {
          if (one.getValue().isContainer()) {
            fault(field + "." + one.getKey(), "must be text");
          }
          map.put(one.getKey(), Json.show(one.getValue()));
        });
    return map;
  }

  private boolean flag(String field, boolean otherwise) {
    JsonNode value = raw.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (value.isBoolean()) {
      return value.booleanValue();
    }
    return switch (Json.show(value).toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0", "" -> false;
      default -> {
        fault(field, "must be true or false, not " + value);
        yield otherwise;
      }
    };
  }

  /** Whether a time is given; none at all is no time for a call. */
  private boolean isTimed(String field) {
    return raw.path(field + "_ms").asDouble(0) != 0 || raw.path(field).asDouble(0) != 0;
  }

  /** A time in {@code <field>_ms} milliseconds, or in {@code <field>} seconds. */
  private Duration time(String field, Duration otherwise) {
    JsonNode millis = raw.get(field + "_ms");
    boolean isMillis = millis != null && !millis.isNull();
    JsonNode value = isMillis ? millis : raw.get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber() || value.doubleValue() < 0 || value.doubleValue() > 1e9) {
      fault(field, "must be a number of seconds, not " + value);
      return otherwise;
    }
    boolean inMillis = isMillis || value.doubleValue() >= MILLIS;
    return Duration.ofMillis((long) (inMillis ? value.doubleValue() : value.doubleValue() * 1000));
  }
}
