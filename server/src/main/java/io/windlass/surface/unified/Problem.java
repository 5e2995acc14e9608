package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.http.ErrorRenderer;
import io.windlass.http.RequestId;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Words errors as RFC 9457 problem details. */
final class Problem {
  static final String TYPE = "application/problem+json";
  private static final Pattern FAULT = Pattern.compile("\\s*([^\\s:][^:]{0,200}): (.+)");

  private Problem() {}

  static ErrorRenderer.Body render(ErrorRenderer.Fault fault) {
    return new ErrorRenderer.Body(fault.status(), TYPE, json(fault));
  }

  /** Answers with a problem that says more than the renderer can know. */
  static void write(Context context, WindlassException e, String member, Object more) {
    ObjectNode json = json(fault(context, e.code().category().httpStatus(), e));
    json.set(member, Json.tree(more));
    send(context, json);
  }

  /** Answers with a status that no error code stands for. */
  static void write(Context context, int status, String message) {
    send(
        context,
        json(
            new ErrorRenderer.Fault(status, null, message, context.path(), RequestId.of(context))));
  }

  private static ErrorRenderer.Fault fault(Context context, int status, WindlassException e) {
    return new ErrorRenderer.Fault(
        status, e.code(), e.text(), context.path(), RequestId.of(context), e.faults());
  }

  private static void send(Context context, ObjectNode json) {
    context
        .status(json.path("status").intValue())
        .contentType(TYPE)
        .result(Json.MAPPER.writeValueAsBytes(json));
  }

  private static ObjectNode json(ErrorRenderer.Fault fault) {
    ErrorCode known = fault.code();
    String code = known == null ? code(fault.status()) : known.name();
    ObjectNode json = Json.object();
    json.put("type", "urn:windlass:problem:" + code.toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("title", title(code));
    json.put("status", fault.status());
    json.put("detail", fault.message());
    json.put("code", code);
    json.put("instance", fault.path());
    json.put("request_id", fault.requestId());
    if (known == ErrorCode.INVALID_INPUT || known == ErrorCode.INVALID_DEFINITION) {
      ArrayNode errors = errors(fault);
      if (!errors.isEmpty()) {
        json.set("errors", errors);
      }
    }
    return json;
  }

  /** The places that the error names, or else the {@code path: reason} lines after the first. */
  private static ArrayNode errors(ErrorRenderer.Fault error) {
    ArrayNode errors = Json.MAPPER.createArrayNode();
    error
        .places()
        .forEach(
            place -> errors.addObject().put("path", place.path()).put("reason", place.reason()));
    if (!errors.isEmpty()) {
      return errors;
    }
    error
        .message()
        .lines()
        .skip(1)
        .forEach(line -> {
          Matcher fault = FAULT.matcher(line);
          if (fault.matches()) {
            errors.addObject().put("path", fault.group(1)).put("reason", fault.group(2));
          }
        });
    return errors;
  }

  private static String code(int status) {
    return switch (status) {
      case 500 -> ErrorCode.INTERNAL.name();
      case 503 -> "UNAVAILABLE";
      default -> HttpStatus.getMessage(status).toUpperCase(Locale.ROOT).replaceAll("[^A-Z]+", "_");
    };
  }

  private static String title(String code) {
    String words = code.toLowerCase(Locale.ROOT).replace('_', ' ');
    return Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
