package io.windlass.http;

import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads a request's body, bounded, and checks that it is what the route takes. */
public final class RequestBody {
  static final String LIMIT = "windlass.maxBody";

  /**
   * As much of a refused body as is read and dropped, so that its sender gets to see the answer.
   */
  private static final long DRAIN = 128L << 20;

  private RequestBody() {}

  /**
   * A JSON object; an absent body counts as an empty one.
   *
   * @throws WindlassException INVALID_INPUT, UNSUPPORTED_TYPE, TOO_LARGE
   */
  public static ObjectNode object(Context context) {
    byte[] bytes = bytes(context);
    if (bytes.length == 0) {
      return Json.object();
    }
    requireType(context, Set.of("application/json"));
    JsonNode json = parse(bytes);
    if (json instanceof ObjectNode object) {
      return object;
    }
    throw WindlassException.invalid(
        "The body must be a JSON object, but it is "
            + json.getNodeType().name().toLowerCase(Locale.ROOT));
  }

  public static JsonNode parse(byte[] bytes) {
    try {
      return Json.MAPPER.readTree(bytes);
    } catch (JacksonException e) {
      var at = e.getLocation();
      String where =
          at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "The body is not valid JSON" + where + ": " + Json.fault(e), e);
    }
  }

  /** UTF-8 text; other bytes are INVALID_INPUT. */
  public static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new WindlassException(ErrorCode.INVALID_INPUT, "The body is not valid UTF-8 text", e);
    }
  }

  /** The whole body. */
  public static byte[] bytes(Context context) {
    int limit = limit(context);
    try {
      byte[] bytes = context.req().getInputStream().readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw refuse(context, limit);
      }
      return bytes;
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "The body broke off before its end: send it again", e);
    }
  }

  /** The media type without its parameters, in lower case; empty when none is given. */
  public static String mediaType(Context context) {
    @Nullable String type = context.contentType();
    if (type == null) {
      return "";
    }
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
  }

  /** Refuses other types than these; {@code +json} types pass for JSON, and so does no type. */
  public static void requireType(Context context, Set<String> accepted) {
    String type = mediaType(context);
    if (type.isEmpty()
        || accepted.contains(type)
        || (accepted.contains("application/json") && type.endsWith("+json"))) {
      return;
    }
    throw new WindlassException(
        ErrorCode.UNSUPPORTED_TYPE,
        "Content-Type "
            + type
            + " is not taken here: send "
            + String.join(" or ", accepted.stream().sorted().toList()));
  }

  /** Refuses a body whose announced length is over the limit, before anything is kept of it. */
  static void checkLength(Context context) {
    int limit = limit(context);
    if (context.req().getContentLengthLong() > limit) {
      throw refuse(context, limit);
    }
  }

  private static int limit(Context context) {
    Integer limit = context.attribute(LIMIT);
    return limit == null ? HttpConfig.DEFAULT_MAX_BODY : limit;
  }

  private static WindlassException refuse(Context context, int limit) {
    context.header("Connection", "close");
    // A client that asks first ("Expect: 100-continue") has sent nothing and reads the answer.
    if (context.header("Expect") == null) {
      drain(context);
    }
    return new WindlassException(
        ErrorCode.TOO_LARGE,
        "The body is larger than the "
            + limit
            + " bytes that are taken here: send less, or raise WINDLASS_MAX_BODY");
  }

  private static void drain(Context context) {
    try {
      InputStream body = context.req().getInputStream();
      byte[] dropped = new byte[1 << 16];
      long left = DRAIN;
      for (int n = 0; n >= 0 && left > 0; left -= n) {
        n = body.read(dropped);
      }
    } catch (IOException e) {
      // The sender has gone: nobody is left to read the answer.
      context.header("Connection", "close");
    }
  }
}
