package io.windlass.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The open questions of all executions, through the unified surface. */
final class Inbox {
  private static final int NOT_FOUND = 404;
  private final Http unified;

  Inbox(Http unified) {
    this.unified = unified;
  }

  ArrayNode open() {
    return open("");
  }

  /** Those of an execution and of what it started, each with the way to it; none if unknown. */
  List<JsonNode> within(String execution) {
    try {
      return all(execution);
    } catch (CliException e) {
      if (e.status() == NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * What can be answered to a question that was told; empty when it is open no more, or that cannot
   * be known now.
   */
  Optional<OpenQuestion> told(String execution, RunEvent.Asked question) {
    try {
      if (question.approval().isEmpty()) {
        return within(execution).stream()
            .filter(one -> question.step().equals(OpenQuestion.path(one)))
            .map(one -> OpenQuestion.of(execution, one))
            .findFirst();
      }
      JsonNode one = unified.get(Http.path("v1", "approvals", question.approval()));
      return Documents.text(one, "status").equals("open")
          ? Optional.of(OpenQuestion.of(execution, one))
          : Optional.empty();
    } catch (CliException e) {
      return Optional.empty();
    }
  }

  private List<JsonNode> all(String execution) {
    return List.copyOf(open("&within=" + Http.escape(execution)).values());
  }

  private ArrayNode open(String which) {
    ArrayNode all = Documents.array();
    String cursor = "";
    do {
      JsonNode page =
          unified.get(
              "/v1/approvals?status=open&limit=200"
                  + which
                  + (cursor.isEmpty() ? "" : "&cursor=" + Http.escape(cursor)));
      page.path("items").forEach(all::add);
      cursor = Documents.text(page, "next_cursor");
    } while (!cursor.isEmpty());
    return all;
  }

  /**
   * The one question that is meant; several or none are an error that says what there is.
   *
   * @param id of an execution, which may wait through what it started, or of a question
   * @param step the asking step, or the way to it
   */
  JsonNode find(String id, @Nullable String step) {
    List<JsonNode> open = List.of();
    CliException unknown = null;
    try {
      open = all(id);
    } catch (CliException e) {
      if (e.status() != NOT_FOUND) {
        throw e;
      }
      unknown = e;
    }
    List<JsonNode> found = meant(open, step);
    if (found.isEmpty()) {
      found =
          open().values().stream()
              .filter(one -> id.equals(Documents.text(one, "id")))
              .filter(one -> step == null || step.equals(Documents.text(one, "step")))
              .toList();
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    if (found.isEmpty() && unknown != null) {
      throw unknown;
    }
    if (found.isEmpty()) {
      throw CliException.failed(
          "Nothing waits for an answer in execution %s%s; %s"
              .formatted(
                  id,
                  step == null ? "" : ", step " + step,
                  open.isEmpty()
                      ? "`windlass approve` lists what does"
                      : "there waits: " + ways(id, open)));
    }
    throw CliException.usage(
        "Execution %s has several questions; name the step, or the question's id: %s"
            .formatted(id, ways(id, found)));
  }

  private static String ways(String id, List<JsonNode> open) {
    return open.stream()
        .map(one -> OpenQuestion.of(id, one).place() + " (" + Documents.text(one, "id") + ")")
        .collect(Collectors.joining(", "));
  }

  /**
   * A way that is given in full goes before a step that is called so somewhere below, and that
   * before what is asked by what the step started.
   */
  private static List<JsonNode> meant(List<JsonNode> open, @Nullable String step) {
    if (step == null) {
      return open;
    }
    List<Predicate<JsonNode>> readings =
        List.of(
            one -> step.equals(OpenQuestion.path(one)),
            one -> step.equals(Documents.text(one, "step")),
            one -> OpenQuestion.path(one).startsWith(step + "/"));
    return readings.stream()
        .map(reading -> open.stream().filter(reading).toList())
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(List.of());
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
