package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The open questions of all executions, through the unified surface. */
final class Inbox {
  private final Http unified;

  Inbox(Http unified) {
    this.unified = unified;
  }

  ArrayNode open() {
    ArrayNode all = Documents.array();
    String cursor = "";
    do {
      JsonNode page =
          unified.get(
              "/v1/approvals?status=open&limit=200"
                  + (cursor.isEmpty() ? "" : "&cursor=" + Http.escape(cursor)));
      page.path("items").forEach(all::add);
      cursor = Documents.text(page, "next_cursor");
    } while (!cursor.isEmpty());
    return all;
  }

  /** The one question that is meant; several or none are an error that says what there is. */
  JsonNode find(String execution, @Nullable String step) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode approval : open()) {
      boolean mine =
          execution.equals(Documents.text(approval, "public_id"))
              || execution.equals(Documents.text(approval, "execution_id"))
              || execution.equals(Documents.text(approval, "id"));
      if (mine && (step == null || step.equals(Documents.text(approval, "step")))) {
        found.add(approval);
      }
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty()) {
      throw CliException.failed(
          "Nothing waits for an answer in execution %s%s; `windlass approve` lists what does"
              .formatted(execution, step == null ? "" : ", step " + step));
    }
    List<String> names =
        found.stream()
            .map(a -> Documents.text(a, "step") + " (" + Documents.text(a, "id") + ")")
            .toList();
    throw CliException.usage(
        "Execution %s has several questions; name the step, or the question's id: %s"
            .formatted(execution, String.join(", ", names)));
  }

  JsonNode decide(JsonNode approval, JsonNode decision) {
    return unified.post(
        Http.path("v1", "approvals", Documents.text(approval, "id"), "decide"), decision);
  }

  static String table(ArrayNode approvals) {
    Table table = new Table("EXECUTION", "STEP", "NAME", "KIND", "SINCE", "OPTIONS", "QUESTION");
    for (JsonNode approval : approvals) {
      List<String> options = new ArrayList<>();
      approval.path("options").forEach(option -> options.add(Documents.show(option)));
      table.row(
          Documents.text(approval, "public_id"),
          Documents.text(approval, "step"),
          Documents.text(approval, "definition_name"),
          Documents.text(approval, "kind"),
          Documents.text(approval, "requested_at"),
          String.join(" | ", options),
          Documents.text(approval, "prompt"));
    }
    return table.isEmpty() ? "Nothing waits for an answer" : table.text();
  }
}
