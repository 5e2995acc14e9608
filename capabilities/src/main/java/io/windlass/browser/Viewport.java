package io.windlass.browser;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The size of a page's window, in pixels. */
record Viewport(int width, int height) {
  static final Viewport STANDARD = new Viewport(1280, 720);
  private static final int MOST = 4_000;
  private static final Pattern SIZE = Pattern.compile("(\\d{2,5})\\s*[xX×,]\\s*(\\d{2,5})");

  Viewport {
    if (width < 100 || height < 100 || width > MOST || height > MOST) {
      throw WindlassException.invalid(
          "viewport must be from 100x100 to %dx%d, not %dx%d".formatted(MOST, MOST, width, height));
    }
  }

  /**
   * Reads {@code 1280x720}, or an object of width and height.
   *
   * @throws WindlassException INVALID_INPUT for anything else
   */
  static Viewport of(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return STANDARD;
    }
    if (given.isObject()) {
      return new Viewport(
          side(given, "width", STANDARD.width), side(given, "height", STANDARD.height));
    }
    String text = Json.show(given).strip();
    if (text.isEmpty()) {
      return STANDARD;
    }
    if (text.startsWith("{")) {
      try {
        return of(Json.MAPPER.readTree(text));
      } catch (JacksonException e) {
        throw unusable(text);
      }
    }
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw unusable(text);
    }
    return new Viewport(Integer.parseInt(size.group(1)), Integer.parseInt(size.group(2)));
  }

  private static int side(JsonNode given, String name, int standard) {
    String text = Json.show(given.get(name)).strip();
    if (text.isEmpty()) {
      return standard;
    }
    if (!text.matches("\\d{2,5}")) {
      throw unusable(given.toString());
    }
    return Integer.parseInt(text);
  }

  private static WindlassException unusable(String given) {
    return WindlassException.invalid("viewport must be like 1280x720, not \"" + given + "\"");
  }
}
