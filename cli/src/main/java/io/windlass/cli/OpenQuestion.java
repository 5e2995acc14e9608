package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * A question that waits for an answer, as seen from an execution that waits for it.
 *
 * @param path the asking step, behind those that started what asks
 * @param child what asks, when that is not the execution itself; else empty
 * @param id the question's id
 * @param prompt what is asked
 * @param options what can be answered
 */
record OpenQuestion(String path, String child, String id, String prompt, List<String> options) {
  private static final List<String> PLAIN = List.of("approve", "reject");

  OpenQuestion {
    options = List.copyOf(options);
  }

  static OpenQuestion of(String execution, JsonNode approval) {
    boolean own =
        execution.equals(Documents.text(approval, "public_id"))
            || execution.equals(Documents.text(approval, "execution_id"))
            || execution.equals(Documents.text(approval, "id"));
    List<String> options = new ArrayList<>();
    approval.path("options").forEach(option -> options.add(Documents.show(option)));
    return new OpenQuestion(
        path(approval),
        own
            ? ""
            : "%s %s, %s"
                .formatted(
                    Documents.text(approval, "definition_kind"),
                    Documents.text(approval, "definition_name"),
                    Documents.text(approval, "public_id")),
        Documents.text(approval, "id"),
        Documents.text(approval, "prompt"),
        options);
  }

  /** The step, with the way to it where the server told that. */
  static String path(JsonNode approval) {
    return Documents.text(approval, approval.has("path") ? "path" : "step");
  }

  /** The step, and what asks when that is a child. */
  String place() {
    return Wording.line(path, 200) + (child.isEmpty() ? "" : " of " + Wording.line(child, 200));
  }

  /** Whether yes and no are all that can be answered. */
  static boolean isPlain(List<String> options) {
    return options.isEmpty() || options.equals(PLAIN);
  }

  /**
   * How a question is answered.
   *
   * @param named the question's id, or an execution and the asking step
   * @param options what can be answered
   */
  static String command(String named, List<String> options) {
    return isPlain(options)
        ? "windlass approve " + named + "   (or reject)"
        : "windlass approve %s --choice CHOICE   (one of %s)"
            .formatted(
                named,
                options.stream()
                    .map(option -> '"' + Wording.line(option, 100) + '"')
                    .collect(Collectors.joining(", ")));
  }

  /** What is open in an execution, for people; empty when nothing is. */
  static String list(String execution, List<JsonNode> open) {
    StringBuilder text = new StringBuilder();
    for (JsonNode approval : open) {
      OpenQuestion one = of(execution, approval);
      text.append("asks   ").append(one.place()).append(": ");
      text.append(Wording.line(one.prompt(), 500)).append('\n');
      text.append("       answer with: ").append(command(one.id(), one.options())).append('\n');
    }
    return text.toString();
  }
}
