package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads the error bodies of the surfaces: {@code {"error"}} and problem details. */
final class Refusal {
  private Refusal() {}

  static CliException of(int status, String body, String url) {
    String message = message(body);
    if (status == 401) {
      return CliException.refused(
          status, "The server wants a token: set WINDLASS_TOKEN or --token" + told(message));
    }
    if (message == null) {
      if (status == 502 || status == 503 || status == 504) {
        return CliException.unreachable("No server behind " + url + " (HTTP " + status + ")", null);
      }
      String text = body.isBlank() ? "" : ": " + Wording.line(body, 120);
      return CliException.refused(status, "HTTP " + status + " from " + url + text);
    }
    if (status == 429) {
      return CliException.refused(status, message + " (try again when a run has ended)");
    }
    return CliException.refused(status, message);
  }

  private static String told(@Nullable String message) {
    return message == null ? "" : " (" + message + ")";
  }

  /** Null when the body is in no shape that a surface uses. */
  private static @Nullable String message(String body) {
    JsonNode tree;
    try {
      tree = Documents.read(body);
    } catch (JacksonException e) {
      return null;
    }
    JsonNode error = tree.get("error");
    if (error != null && error.isObject()) {
      tree = error;
    } else if (error != null && error.isString()) {
      return error.stringValue();
    }
    for (String field : List.of("detail", "message", "title")) {
      String text = Documents.text(tree, field);
      if (!text.isEmpty()) {
        return text + findings(tree, text);
      }
    }
    return null;
  }

  /** The findings that the text does not tell already. */
  private static String findings(JsonNode problem, String text) {
    List<String> lines = new ArrayList<>();
    for (String field : List.of("findings", "errors")) {
      for (JsonNode finding : problem.path(field)) {
        String reason = Documents.text(finding, "reason");
        lines.add(
            reason.isEmpty()
                ? Documents.show(finding)
                : Documents.text(finding, "path") + ": " + reason);
      }
    }
    lines.removeAll(text.lines().map(String::strip).toList());
    return lines.isEmpty() ? "" : "\n" + String.join("\n", lines);
  }
}
