package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.execution.Tally;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeping workflows: listing, reading, saving, versions and archiving. */
final class WorkflowRoutes {
  static final String KIND = "workflow";
  private static final Set<String> STATUSES = Set.of("active", "archived", "draft");
  private static final int MOST = 500;
  private final WorkflowPorts ports;

  WorkflowRoutes(WorkflowPorts ports) {
    this.ports = ports;
  }

  void declare(Routes routes) {
    routes
        .get("/workflows", this::list)
        .post("/workflows", this::create)
        .get("/workflows/{slug}", this::read)
        .put("/workflows/{slug}", this::replace)
        .patch("/workflows/{slug}", this::change)
        .delete("/workflows/{slug}", context -> status(context, Workflow.ARCHIVED))
        .get("/workflows/{slug}/versions", this::versions)
        .post("/workflows/{slug}/archive", context -> status(context, Workflow.ARCHIVED))
        .post("/workflows/{slug}/restore", context -> status(context, Workflow.ACTIVE));
  }

  /** A sound workflow with its document. */
  record Found(Definition definition, Workflow workflow) {}

  private void list(Context context) {
    String category = Seen.text(context, "category");
    String search = Seen.text(context, "search");
    String status = Seen.text(context, "status");
    if (status != null && !STATUSES.contains(status)) {
      throw Seen.bad("status", status, "one of active, archived, draft");
    }
    Set<String> tags = Seen.texts(context, "tags");
    boolean archived = Seen.flag(context, "include_archived") || Workflow.ARCHIVED.equals(status);
    int limit = Seen.number(context, "limit", 50, 1, MOST);
    int offset = Seen.number(context, "offset", 0, 0, Integer.MAX_VALUE);
    List<Found> matching = new ArrayList<>();
    for (Definition definition : ports.definitions().list(KIND)) {
      if (definition.fault() != null) {
        continue;
      }
      Workflow workflow = HistoryForecast.workflow(ports, definition);
      if ((category == null || workflow.category().equalsIgnoreCase(category))
          && (status == null || workflow.status().equals(status))
          && (archived || !workflow.status().equals(Workflow.ARCHIVED))
          && (search == null || matches(definition.name(), workflow, search))
          && (tags.isEmpty() || hasAny(workflow, tags))) {
        matching.add(new Found(definition, workflow));
      }
    }
    Map<String, Tally> tallies =
        ports.history().tallies(Seen.workflowRuns(context, null, null, null));
    ArrayNode shown = Json.MAPPER.createArrayNode();
    matching.stream()
        .skip(offset)
        .limit(limit)
        .forEach(found ->
            shown.add(
                WorkflowJson.listed(
                    found.definition(),
                    first(found.definition()),
                    found.workflow(),
                    tallies.getOrDefault(found.definition().name(), Tally.NONE))));
    ObjectNode json = Json.object();
    json.set("workflows", shown);
    context.json(json.put("total", matching.size()).put("limit", limit).put("offset", offset));
  }

  private static boolean matches(String slug, Workflow workflow, String search) {
    String all = slug + "\n" + workflow.name() + "\n" + workflow.description();
    return all.toLowerCase(Locale.ROOT).contains(search.toLowerCase(Locale.ROOT));
  }

  private static boolean hasAny(Workflow workflow, Set<String> tags) {
    return workflow.tags().stream().anyMatch(tag -> tags.contains(tag.toLowerCase(Locale.ROOT)));
  }

  private Definition first(Definition definition) {
    return definition.version() == 1
        ? definition
        : ports.definitions().versions(KIND, definition.name()).getLast();
  }

  private void create(Context context) {
    ObjectNode document = WorkflowDocuments.read(context);
    String slug = WorkflowDocuments.slug(document);
    String source = WorkflowDocuments.source(ports, slug, document);
    if (ports.definitions().find(KIND, slug).isPresent()) {
      String message =
          "There is a workflow \"%s\" already: choose another slug, or PUT /workflows/%s to change it"
              .formatted(slug, slug);
      throw new WindlassException(
          ErrorCode.WRONG_STATE,
          message,
          null,
          List.of(new Fault("slug", message, Json.text(slug), "unique")));
    }
    ports.definitions().save(KIND, slug, source);
    context.status(201);
    context.json(told(slug, "created", "Workflow created successfully"));
  }

  private void replace(Context context) {
    ObjectNode document = WorkflowDocuments.read(context);
    Found old = find(context);
    save(context, old, document);
  }

  /** Fields that are given take the place of the old ones. */
  private void change(Context context) {
    ObjectNode changes = RequestBody.object(context);
    Found old = find(context);
    ObjectNode document = document(old);
    changes.properties().forEach(field -> document.set(field.getKey(), field.getValue()));
    save(context, old, document);
  }

  private void save(Context context, Found old, ObjectNode document) {
    String slug = old.definition().name();
    JsonNode given = document.path("slug");
    if (given.isString() && !given.stringValue().equals(slug)) {
      throw WindlassException.invalid(
          "The slug of a workflow cannot be changed from \"%s\" to \"%s\": create another workflow"
              .formatted(slug, given.stringValue()),
          List.of(new Fault("slug", "cannot be changed", document.path("slug"), "const: " + slug)));
    }
    document.put("slug", slug);
    Definition saved =
        ports.definitions().save(KIND, slug, WorkflowDocuments.source(ports, slug, document));
    context.json(
        told(slug, "updated", "Workflow updated successfully").put("revision", saved.version()));
  }

  private void status(Context context, String status) {
    Found old = find(context);
    ObjectNode document = document(old).put("status", status);
    String slug = old.definition().name();
    ports.definitions().save(KIND, slug, WorkflowDocuments.source(ports, slug, document));
    context.json(
        told(
            slug,
            status,
            status.equals(Workflow.ARCHIVED)
                ? "Workflow archived successfully"
                : "Workflow restored successfully"));
  }

  private static ObjectNode document(Found found) {
    return found.workflow().fields().deepCopy();
  }

  private static ObjectNode told(String slug, String status, String message) {
    return Json.object()
        .put("workflow_id", WorkflowJson.id(slug))
        .put("slug", slug)
        .put("status", status)
        .put("message", message);
  }

  private void read(Context context) {
    Found found = find(context);
    Tally tally =
        ports
            .history()
            .tallies(Seen.workflowRuns(context, found.definition().name(), null, null))
            .getOrDefault(found.definition().name(), Tally.NONE);
    context.json(
        WorkflowJson.whole(found.definition(), first(found.definition()), found.workflow(), tally));
  }

  private void versions(Context context) {
    Found found = find(context);
    ObjectNode json = Json.object().put("workflow_slug", found.definition().name());
    ArrayNode list = json.putArray("versions");
    for (Definition version : ports.definitions().versions(KIND, found.definition().name())) {
      Workflow workflow = version.fault() == null ? HistoryForecast.workflow(ports, version) : null;
      list.addObject()
          .put("revision", version.version())
          .put("version", workflow == null ? null : workflow.version())
          .put("status", workflow == null ? null : workflow.status())
          .put("created_at", Words.instant(version.createdAt()))
          .put("current", version.versionId().equals(found.definition().versionId()));
    }
    context.json(json.put("total", list.size()));
  }

  private Found find(Context context) {
    return find(ports, context.pathParam("slug"));
  }

  /** The workflow of a slug or id. */
  static Found find(WorkflowPorts ports, String slug) {
    Definition definition =
        ports.definitions().find(KIND, slug).or(() -> byId(ports, slug)).orElse(null);
    if (definition == null) {
      throw WindlassException.notFound(
          ErrorCode.DEFINITION_NOT_FOUND,
          "There is no workflow \"%s\": GET /workflows lists them"
              .formatted(slug.length() > 100 ? slug.substring(0, 100) : slug));
    }
    @Nullable String fault = definition.fault();
    if (fault != null) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, fault);
    }
    return new Found(definition, HistoryForecast.workflow(ports, definition));
  }

  private static java.util.Optional<Definition> byId(WorkflowPorts ports, String id) {
    return id.startsWith("wf_")
        ? ports.definitions().list(KIND).stream()
            .filter(definition -> WorkflowJson.id(definition.name()).equals(id))
            .findFirst()
        : java.util.Optional.empty();
  }
}
