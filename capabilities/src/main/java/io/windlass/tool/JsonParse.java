package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.JsonQuery;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code json_parse}: JSON, out of its code fences, and what a path in it leads to.
 */
public final class JsonParse implements PreTool {
  private static final int SHOWN = 80;

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
  public String run(PreToolCall call) {
    String input = call.text("input");
    JsonNode json;
    try {
      json = Json.read(JsonQuery.withoutFences(input));
    } catch (WindlassException e) {
      String shown = input.length() > SHOWN ? input.substring(0, SHOWN) + "…" : input;
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "json_parse: input is not valid JSON: " + shown, e);
    }
    return JsonQuery.show(JsonQuery.of(call.text("json_path", "$")).find(json));
  }
}
