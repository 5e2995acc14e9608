package io.windlass.workspace;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** The {@code encoding} field: a character set, or base64 or hex for bytes. */
record TextEncoding(String name) {
  static TextEncoding of(String given) {
    String name = given.trim().toLowerCase(Locale.ROOT);
    return new TextEncoding(name.isEmpty() ? "utf-8" : name);
  }

  byte[] bytes(String text) {
    try {
      return switch (name) {
        case "base64" -> Base64.getMimeDecoder().decode(text);
        case "hex" -> HexFormat.of().parseHex(text.trim());
        default -> text.getBytes(charset());
      };
    } catch (IllegalArgumentException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "the content is not " + name + ": " + e.getMessage(), e);
    }
  }

  String text(byte[] bytes) {
    return switch (name) {
      case "base64" -> Base64.getEncoder().encodeToString(bytes);
      case "hex" -> HexFormat.of().formatHex(bytes);
      default -> new String(bytes, charset());
    };
  }

  private Charset charset() {
    return switch (name) {
      case "utf8" -> StandardCharsets.UTF_8;
      case "binary", "latin1" -> StandardCharsets.ISO_8859_1;
      case "ascii" -> StandardCharsets.US_ASCII;
      case "utf16le", "ucs2", "ucs-2" -> StandardCharsets.UTF_16LE;
      default -> {
        try {
          yield Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
          throw new WindlassException(
              ErrorCode.INVALID_INPUT,
              "unknown encoding \"" + name + "\"; use utf-8, latin1, base64 or hex",
              e);
        }
      }
    };
  }
}
