package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
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
record OpenQuestion(String path, String child, String id, String prompt, String options) {
  private static final String PLAIN = "approve | reject";

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
        String.join(" | ", options));
  }

  /** The step, with the way to it where the server told that. */
  static String path(JsonNode approval) {
    return Documents.text(approval, approval.has("path") ? "path" : "step");
  }

  /** The step, and what asks when that is a child. */
  String place() {
    return Wording.line(path, 200) + (child.isEmpty() ? "" : " of " + Wording.line(child, 200));
  }

  /** How it is answered. */
  String command() {
    boolean plain = options.isEmpty() || options.equals(PLAIN);
    return "windlass approve "
        + id
        + (plain
            ? "   (or reject)"
            : "   (or --choice with one of %s)".formatted(Wording.line(options, 200)));
  }

  /** What is open in an execution, for people; empty when nothing is. */
  static String list(String execution, List<JsonNode> open) {
    StringBuilder text = new StringBuilder();
    for (JsonNode approval : open) {
      OpenQuestion one = of(execution, approval);
      text.append("asks   ").append(one.place()).append(": ");
      text.append(Wording.line(one.prompt(), 500)).append('\n');
      text.append("       answer with: ").append(one.command()).append('\n');
    }
    return text.toString();
  }
}
