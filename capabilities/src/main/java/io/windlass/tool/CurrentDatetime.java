package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The pre-tool {@code current_datetime}: the time as ISO-8601 UTC, in words, or Unix seconds. */
public final class CurrentDatetime implements PreTool {
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter WORDS =
      DateTimeFormatter.ofPattern("EEEE, MMMM d, uuuu 'at' h:mm:ss a", Locale.US);

  @Override
  public String name() {
    return "current_datetime";
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  @Override
  public boolean isPure() {
    return true;
  }

  @Override
  public String run(PreToolCall call) {
    Instant now = call.context().clock().instant();
    String format = call.text("format").trim().toLowerCase(Locale.ROOT);
    return switch (format) {
      case "", "iso" -> ISO.format(now);
      case "unix" -> Long.toString(now.getEpochSecond());
      case "locale" -> WORDS.withZone(zone(call.text("timezone").trim())).format(now);
      default ->
          throw WindlassException.invalid(
              "current_datetime format must be iso, locale or unix, not \"" + format + "\"");
    };
  }

  private static ZoneId zone(String name) {
    try {
      return name.isEmpty() ? ZoneOffset.UTC : ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT,
          "current_datetime does not know the timezone \""
              + name
              + "\"; write one like Europe/Brussels",
          e);
    }
  }
}
