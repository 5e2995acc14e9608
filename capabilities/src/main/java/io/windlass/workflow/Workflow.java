package io.windlass.workflow;

import io.windlass.definition.Outline;
import io.windlass.kernel.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workflow as its document has it, free of faults.
 *
 * @param fields those of the document that stand for themselves
 * @param form the inputs that it asks for
 * @param steps by number
 */
public record Workflow(ObjectNode fields, InputForm form, List<WorkflowStep> steps) {
  public static final String ACTIVE = "active";
  public static final String ARCHIVED = "archived";

  public Workflow {
    steps = List.copyOf(steps);
  }

  public String name() {
    return text("name");
  }

  public String description() {
    return text("description");
  }

  public String category() {
    String category = text("category");
    return category.isEmpty() ? "custom" : category;
  }

  public List<String> tags() {
    return fields.path("tags").values().stream().map(Json::show).toList();
  }

  /** The version that its author gave. */
  public String version() {
    String version = text("version");
    return version.isEmpty() ? "1.0.0" : version;
  }

  public String status() {
    String status = text("status");
    return status.isEmpty() ? ACTIVE : status;
  }

  /** The graph that does steps which name none; null when the document names none. */
  public @Nullable String graphName() {
    String graph = text("graph_name");
    return graph.isEmpty() ? null : graph;
  }

  public ObjectNode miscData() {
    return fields.get("misc_data") instanceof ObjectNode misc ? misc : Json.object();
  }

  public Optional<WorkflowStep> step(int number) {
    return steps.stream().filter(step -> step.number() == number).findFirst();
  }

  /** A name in the form of a slug, as {@code market-research}; empty when nothing is left of it. */
  public static String slugOf(String name) {
    String plain = name.strip().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String slug = plain.replaceAll("^-+|-+$", "");
    return slug.length() > 100 ? slug.substring(0, 100) : slug;
  }

  Outline outline() {
    String description = description();
    JsonNode version = fields.get("version");
    return new Outline(
        name(),
        description.isEmpty() ? null : description,
        version == null ? null : Json.show(version),
        steps.size(),
        form.fields().stream().map(WorkflowField::outline).toList());
  }

  private String text(String field) {
    return Json.show(fields.get(field)).strip();
  }
}
