package io.windlass.mcp;

import io.windlass.kernel.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps what a server's settings hold in confidence out of all that is shown. */
final class Secrets {
  static final String MASK = "***";
  private static final int SHORTEST = 6;
  private static final Pattern NAME =
      Pattern.compile(
          "KEY|SECRET|TOKEN|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|COOKIE|SESSION|SIGNATURE|BEARER|DSN|_URI$|_URL$",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern OPTION =
      Pattern.compile(
          "(--?[\\w-]*(?:key|secret|token|pass|auth)[\\w-]*=).+", Pattern.CASE_INSENSITIVE);
  private static final Pattern URL_SECRETS =
      Pattern.compile(
          "(://)[^/@\\s]+(@)|([?&][^=&\\s]*(?:key|secret|token|pass|auth|sig)[^=&\\s]*=)[^&\\s]+",
          Pattern.CASE_INSENSITIVE);

  private final List<String> values;

  private Secrets(List<String> values) {
    this.values = values;
  }

  /** What of these, with references followed, nobody should see. */
  static Secrets of(Map<String, String> env, Map<String, String> headers) {
    List<String> values = new ArrayList<>();
    env.forEach((name, value) -> {
      if (NAME.matcher(name).find()) {
        add(values, value);
      }
    });
    headers.forEach((name, value) -> {
      if (NAME.matcher(name).find()) {
        int space = value.indexOf(' ');
        add(values, space < 0 ? value : value.substring(space + 1).strip());
      }
    });
    values.sort(Comparator.comparingInt(String::length).reversed());
    return new Secrets(List.copyOf(values));
  }

  private static void add(List<String> values, String value) {
    if (value.length() >= SHORTEST) {
      values.add(value);
    }
  }

  String mask(String text) {
    String masked = text;
    for (String value : values) {
      masked = masked.replace(value, MASK);
    }
    return masked;
  }

  JsonNode mask(JsonNode json) {
    if (values.isEmpty()) {
      return json;
    }
    String text = json.toString();
    String masked = text;
    for (String value : values) {
      String quoted = Json.write(value);
      masked = masked.replace(quoted.substring(1, quoted.length() - 1), MASK);
    }
    return masked.equals(text) ? json : Json.read(masked);
  }

  /** Settings as they may be shown: values of env and headers only where they are references. */
  static ObjectNode shown(ObjectNode settings) {
    ObjectNode shown = settings.deepCopy();
    for (String field : List.of("env", "headers")) {
      if (shown.get(field) instanceof ObjectNode values) {
        for (String name : List.copyOf(values.propertyNames())) {
          if (!References.isOnlyReferences(Json.show(values.get(name)))) {
            values.put(name, MASK);
          }
        }
      } else if (shown.has(field)) {
        shown.put(field, MASK);
      }
    }
    walk(shown);
    return shown;
  }

  private static void walk(ObjectNode node) {
    for (String name : List.copyOf(node.propertyNames())) {
      JsonNode value = node.get(name);
      if (value instanceof ObjectNode inner) {
        if (!name.equals("env") && !name.equals("headers")) {
          walk(inner);
        }
      } else if (value.isArray()) {
        node.set(name, Json.tree(words(value)));
      } else if (value.isString()) {
        String text = value.stringValue();
        boolean secret =
            NAME.matcher(name).find()
                && !name.equalsIgnoreCase("url")
                && !name.endsWith("Url")
                && !name.endsWith("_env");
        node.put(name, secret && !References.isOnlyReferences(text) ? MASK : inText(text));
      }
    }
  }

  private static List<Object> words(JsonNode list) {
    List<Object> words = new ArrayList<>();
    boolean next = false;
    for (JsonNode one : list) {
      String text = Json.show(one);
      words.add(
          next && !text.startsWith("-") && !References.isOnlyReferences(text)
              ? MASK
              : one.isString() ? inText(text) : one);
      next = text.startsWith("-") && text.indexOf('=') < 0 && NAME.matcher(text).find();
    }
    return words;
  }

  static String inText(String text) {
    String masked = OPTION.matcher(text).replaceAll("$1" + MASK);
    return URL_SECRETS
        .matcher(masked)
        .replaceAll(found ->
            found.group(1) != null
                ? found.group(1) + MASK + found.group(2)
                : Matcher.quoteReplacement(found.group(3)) + MASK);
  }
}
