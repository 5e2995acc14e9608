package io.windlass.chain;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import java.net.URLConnection;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The rules of an input whose value is a file: a path, or the file itself as a {@code data:} URL.
 *
 * @param fields the input's fields
 * @param image whether nothing but a picture will do
 */
record InputFile(JsonNode fields, boolean image) {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)\\s*([kmg]?)i?b?", Pattern.CASE_INSENSITIVE);
  private static final Pattern DATA =
      Pattern.compile("data:([\\w.+-]+/[\\w.+-]+)?((?:;[\\w.+-]+=[^;,]*)*)(;base64)?,");

  /** What is wrong with a value; null when it keeps the rules. */
  @Nullable String fault(String value, InputFiles files) {
    return value.regionMatches(true, 0, "data:", 0, 5) ? dataFault(value) : pathFault(value, files);
  }

  private @Nullable String pathFault(String value, InputFiles files) {
    if (value.regionMatches(true, 0, "http://", 0, 7)
        || value.regionMatches(true, 0, "https://", 0, 8)) {
      return "must be a path inside the workspace or a data: URL; got \""
          + Excerpt.of(value, 80)
          + "\"";
    }
    String guessed = URLConnection.guessContentTypeFromName(value);
    String wrongType = typeFault(guessed == null ? "" : guessed, value);
    if (wrongType != null) {
      return wrongType;
    }
    OptionalLong size;
    try {
      size = files.size(value);
    } catch (WindlassException e) {
      return "cannot be used: " + e.text();
    }
    return size.isPresent() ? sizeFault(size.getAsLong()) : null;
  }

  private @Nullable String dataFault(String value) {
    Matcher head = DATA.matcher(value);
    if (!head.lookingAt()) {
      return "must be a data: URL as data:image/png;base64,…; got \""
          + Excerpt.of(value, 80)
          + "\"";
    }
    String type = head.group(1) == null ? "text/plain" : head.group(1).toLowerCase(Locale.ROOT);
    String wrongType = typeFault(type, "");
    return wrongType != null
        ? wrongType
        : bodyFault(value.substring(head.end()), head.group(3) != null);
  }

  private @Nullable String bodyFault(String body, boolean base64) {
    try {
      String plain = URLDecoder.decode(body.replace("+", "%2B"), StandardCharsets.UTF_8);
      return sizeFault(
          base64
              ? Base64.getMimeDecoder().decode(strictly(plain)).length
              : plain.getBytes(StandardCharsets.UTF_8).length);
    } catch (IllegalArgumentException e) {
      return "is a data: URL whose content cannot be decoded: " + e.getMessage();
    }
  }

  /** The decoder for texts with line breaks lets any other character pass, too. */
  private static String strictly(String base64) {
    if (!base64.matches("[A-Za-z0-9+/=\\s]*+")) {
      throw new IllegalArgumentException("it holds characters that are none of base64");
    }
    return base64;
  }

  private @Nullable String typeFault(String type, String name) {
    List<String> accepted = accepts(fields.get("accepts"));
    if (accepted.isEmpty() && image) {
      accepted = List.of("image/*");
    }
    boolean fits = accepted.isEmpty();
    for (String one : accepted) {
      fits |= fits(one, type, name.toLowerCase(Locale.ROOT));
    }
    return fits
        ? null
        : "must be a file of the kind %s; got %s"
            .formatted(
                String.join(", ", accepted),
                type.isEmpty() ? "\"" + Excerpt.of(name, 80) + "\"" : type);
  }

  private static boolean fits(String accepted, String type, String name) {
    if (accepted.equals("*") || accepted.equals("*/*")) {
      return true;
    }
    if (accepted.startsWith(".")) {
      String ofExtension = URLConnection.guessContentTypeFromName("x" + accepted);
      return name.isEmpty() ? type.equals(ofExtension) : name.endsWith(accepted);
    }
    return accepted.endsWith("/*")
        ? type.startsWith(accepted.substring(0, accepted.length() - 1))
        : type.equals(accepted);
  }

  /** As a list, or as one text with commas, which is how forms have it. */
  private static List<String> accepts(@Nullable JsonNode given) {
    List<String> accepted = new ArrayList<>();
    String all =
        given != null && given.isArray()
            ? String.join(",", given.valueStream().map(Json::show).toList())
            : Json.show(given);
    for (String one : all.split(",")) {
      String word = one.strip().toLowerCase(Locale.ROOT);
      if (!word.isEmpty()) {
        accepted.add(
            word.contains("/") || word.startsWith(".") || word.equals("*") ? word : "." + word);
      }
    }
    return accepted;
  }

  private @Nullable String sizeFault(long size) {
    Long most = bytes(fields.get("max_file_size"));
    return most == null || size <= most
        ? null
        : "must have at most %d bytes (max_file_size); got %d".formatted(most, size);
  }

  /** A number of bytes, or a text as {@code 5MB}; null for none or for what is no size. */
  static @Nullable Long bytes(@Nullable JsonNode given) {
    Matcher size = SIZE.matcher(Json.show(given).strip());
    if (!size.matches()) {
      return null;
    }
    long unit =
        switch (size.group(2).toLowerCase(Locale.ROOT)) {
          case "k" -> 1L << 10;
          case "m" -> 1L << 20;
          case "g" -> 1L << 30;
          default -> 1;
        };
    return (long) (Double.parseDouble(size.group(1)) * unit);
  }
}
