package io.windlass.http;

import io.javalin.json.JsonMapper;
import io.windlass.kernel.Json;
import java.lang.reflect.Type;

/** Gives Javalin the project's one JSON dialect. */
final class HouseMapper implements JsonMapper {
  @Override
  public String toJsonString(Object value, Type type) {
    return Json.write(value);
  }
}
