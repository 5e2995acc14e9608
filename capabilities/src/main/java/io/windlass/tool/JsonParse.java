package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.JsonPath;
import io.windlass.text.JsonText;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code json_parse}: JSON, out of its code fences, and what a path in it leads to.
 */
public final class JsonParse implements PreTool {
  private static final int SHOWN = 80;
  private static final Pattern FENCED =
      Pattern.compile("```[\\w+-]*[ \\t]*\\R(.*?)```", Pattern.DOTALL);

  @Override
  public String name() {
    return "json_parse";
  }

  @Override
  public List<String> required() {
    return List.of("input");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public boolean isPure() {
    return true;
  }

  @Override
  public String run(PreToolCall call) {
    String input = call.text("input");
    JsonNode json;
    try {
      json = Json.read(withoutFences(input));
    } catch (WindlassException e) {
      String shown = input.length() > SHOWN ? input.substring(0, SHOWN) + "…" : input;
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "json_parse: input is not valid JSON: " + shown, e);
    }
    JsonNode found = JsonPath.parse(call.text("json_path", "$")).find(json);
    return found == null ? "" : JsonText.rawOrIndented(found);
  }

  /** Models like to wrap JSON in a code fence, and to talk around it. */
  private static String withoutFences(String text) {
    String trimmed = text.trim();
    if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
      return trimmed;
    }
    Matcher fenced = FENCED.matcher(text);
    return fenced.find() ? fenced.group(1).trim() : trimmed;
  }
}
