package io.windlass.text;

import io.windlass.kernel.Json;
import java.util.Iterator;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** JSON as the chain format writes it for people: two spaces of indent, one element per line. */
public final class JsonText {
  private JsonText() {}

  /** Strings raw, everything else as indented JSON. */
  public static String rawOrIndented(JsonNode value) {
    return value.isString() ? value.stringValue() : indented(value);
  }

  /** Strings raw, everything else as JSON on one line. */
  public static String rawOrCompact(JsonNode value) {
    return value.isNull() ? value.toString() : Json.show(value);
  }

  public static String indented(JsonNode value) {
    StringBuilder out = new StringBuilder();
    write(value, "\n", out);
    return out.toString();
  }

  private static void write(JsonNode value, String newline, StringBuilder out) {
    if (value.isEmpty() || !value.isContainer()) {
      out.append(value.isString() ? value.toString() : rawOrCompact(value));
      return;
    }
    String inner = newline + "  ";
    out.append(value.isObject() ? '{' : '[');
    if (value.isObject()) {
      Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        out.append(inner).append(quote(field.getKey())).append(": ");
        write(field.getValue(), inner, out);
        out.append(fields.hasNext() ? "," : "");
      }
    } else {
      for (int i = 0; i < value.size(); i++) {
        out.append(i == 0 ? "" : ",").append(inner);
        write(value.get(i), inner, out);
      }
    }
    out.append(newline).append(value.isObject() ? '}' : ']');
  }

  private static String quote(String text) {
    return Json.text(text).toString();
  }
}
