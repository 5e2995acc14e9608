package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/definitions}: what can be run, with all versions. */
final class DefinitionRoutes {
  private static final Set<String> SOURCE_TYPES =
      Set.of(
          "application/json",
          "application/yaml",
          "application/x-yaml",
          "text/yaml",
          "text/x-yaml",
          "text/plain");
  private final Definitions definitions;
  private final Map<String, KindRules> kinds;

  DefinitionRoutes(Definitions definitions, Map<String, KindRules> kinds) {
    this.definitions = definitions;
    this.kinds = kinds;
  }

  void declare(Routes routes) {
    String prefix = routes.prefix();
    routes
        .get("/v1/definitions", this::list)
        .get("/v1/definitions/{kind}", this::listKind)
        .post("/v1/definitions/{kind}/validate", this::validate)
        .get("/v1/definitions/{kind}/{name}", this::show)
        .put("/v1/definitions/{kind}/{name}", context -> save(context, prefix))
        .delete("/v1/definitions/{kind}/{name}", this::delete)
        .get("/v1/definitions/{kind}/{name}/versions", this::versions)
        .get("/v1/definitions/{kind}/{name}/versions/{version}", this::version)
        .post("/v1/definitions/{kind}/{name}/plan", this::plan);
  }

  private void list(Context context) {
    Set<String> wanted = new Query(context).texts("kind");
    wanted.stream()
        .filter(kind -> !kinds.containsKey(kind))
        .findFirst()
        .ifPresent(kind -> {
          throw WindlassException.invalid(
              "The request is not valid:\nkind: '" + kind + "' is not one of " + kindNames());
        });
    page(context, wanted.isEmpty() ? kinds.keySet() : wanted);
  }

  private void listKind(Context context) {
    page(context, Set.of(kind(context)));
  }

  private void page(Context context, Collection<String> of) {
    Query query = new Query(context);
    int limit = query.limit();
    query.check();
    List<Definition> all =
        of.stream()
            .flatMap(kind -> definitions.list(kind).stream())
            .sorted(Comparator.comparing(DefinitionRoutes::key))
            .toList();
    context.json(
        PageJson.cut(all, DefinitionRoutes::key, query.cursor(), limit, DefinitionJson::of));
  }

  private static String key(Definition one) {
    return one.kind() + "\0" + one.name();
  }

  private void show(Context context) {
    context.json(DefinitionJson.WithSource.of(find(context)));
  }

  private void versions(Context context) {
    Query query = new Query(context);
    int limit = query.limit();
    query.check();
    Definition newest = find(context);
    context.json(
        PageJson.cut(
            definitions.versions(newest.kind(), newest.name()),
            one -> "%010d".formatted(Integer.MAX_VALUE - one.version()),
            query.cursor(),
            limit,
            DefinitionJson::of));
  }

  private void version(Context context) {
    Definition newest = find(context);
    String wanted = context.pathParam("version");
    Definition version =
        definitions.versions(newest.kind(), newest.name()).stream()
            .filter(one -> Integer.toString(one.version()).equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                unknown(
                    "%s '%s' has no version %s: its newest is %d"
                        .formatted(newest.kind(), newest.name(), wanted, newest.version())));
    context.json(DefinitionJson.WithSource.of(version));
  }

  private void validate(Context context) {
    String kind = kind(context);
    String name = new Query(context).text("name");
    context.json(
        DefinitionJson.Validation.of(
            definitions.kind(kind).lint(name == null ? "draft" : name, source(context))));
  }

  private void save(Context context, String prefix) {
    String kind = kind(context);
    String name = context.pathParam("name");
    String source = source(context);
    boolean isNew = definitions.find(kind, name).isEmpty();
    Definition saved = definitions.save(kind, name, source);
    context.status(isNew ? 201 : 200).json(DefinitionJson.WithSource.of(saved));
    if (isNew) {
      context.header("Location", prefix + "/v1/definitions/" + kind + "/" + saved.name());
    }
  }

  private void delete(Context context) {
    Definition one = find(context);
    if (!definitions.delete(one.kind(), one.name())) {
      throw unknown(one.kind(), one.name());
    }
    context.status(204);
  }

  private void plan(Context context) {
    Definition one = find(context);
    Fields body = new Fields(RequestBody.object(context));
    ObjectNode input = body.object("input");
    body.check();
    KindRules rules = kinds.get(one.kind());
    Planner planner = rules == null ? null : rules.planner();
    if (planner == null) {
      Problem.write(context, 501, "Definitions of kind '" + one.kind() + "' cannot be planned");
      return;
    }
    context.json(planner.plan(one, input == null ? Json.object() : input));
  }

  /** The document itself, or the {@code source} of a JSON body. */
  private static String source(Context context) {
    RequestBody.requireType(context, SOURCE_TYPES);
    byte[] bytes = RequestBody.bytes(context);
    if (RequestBody.mediaType(context).endsWith("json")) {
      JsonNode source =
          RequestBody.parse(bytes) instanceof ObjectNode object ? object.path("source") : null;
      if (source != null && source.isString()) {
        return source.stringValue();
      }
      if (source != null && source.isObject()) {
        return source.toPrettyString();
      }
      throw WindlassException.invalid(
          "The request is not valid:\nsource: must be the document as text or as an object");
    }
    String text = RequestBody.text(bytes);
    if (text.isBlank()) {
      throw WindlassException.invalid("The body is empty: send the document");
    }
    return text;
  }

  private Definition find(Context context) {
    String kind = kind(context);
    String name = context.pathParam("name");
    return definitions.find(kind, name).orElseThrow(() -> unknown(kind, name));
  }

  private String kind(Context context) {
    String kind = context.pathParam("kind");
    if (!kinds.containsKey(kind)) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND,
          "There is no kind of definition '" + kind + "': there are " + kindNames());
    }
    return kind;
  }

  private String kindNames() {
    return String.join(", ", kinds.keySet());
  }

  private static WindlassException unknown(String kind, String name) {
    return unknown(
        "There is no %s '%s': GET /v1/definitions/%s lists them".formatted(kind, name, kind));
  }

  private static WindlassException unknown(String message) {
    return new WindlassException(ErrorCode.DEFINITION_NOT_FOUND, message);
  }
}
