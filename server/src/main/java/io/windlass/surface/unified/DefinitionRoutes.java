package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.WindlassException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** {@code /v1/definitions}: what can be run, with all versions. */
final class DefinitionRoutes {
  static final Set<String> SOURCE_TYPES =
      Set.of(
          "application/json",
          "application/yaml",
          "application/x-yaml",
          "text/yaml",
          "text/x-yaml",
          "text/plain");
  private final Definitions definitions;
  private final DefinitionPaths paths;

  DefinitionRoutes(DefinitionPaths paths) {
    this.definitions = paths.definitions();
    this.paths = paths;
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
        .get("/v1/definitions/{kind}/{name}/versions/{version}", this::version);
  }

  private void list(Context context) {
    Set<String> wanted = new Query(context).texts("kind");
    wanted.stream()
        .filter(kind -> !paths.kinds().containsKey(kind))
        .findFirst()
        .ifPresent(kind -> {
          throw WindlassException.invalid(
              "The request is not valid:\nkind: '" + kind + "' is not one of " + paths.kindNames());
        });
    page(context, wanted.isEmpty() ? paths.kinds().keySet() : wanted);
  }

  private void listKind(Context context) {
    page(context, Set.of(paths.kind(context)));
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
    context.json(DefinitionJson.WithSource.of(paths.find(context)));
  }

  private void versions(Context context) {
    Query query = new Query(context);
    int limit = query.limit();
    query.check();
    Definition newest = paths.find(context);
    context.json(
        PageJson.cut(
            definitions.versions(newest.kind(), newest.name()),
            one -> "%010d".formatted(Integer.MAX_VALUE - one.version()),
            query.cursor(),
            limit,
            DefinitionJson::of));
  }

  private void version(Context context) {
    Definition newest = paths.find(context);
    String wanted = context.pathParam("version");
    Definition version =
        definitions.versions(newest.kind(), newest.name()).stream()
            .filter(one -> Integer.toString(one.version()).equals(wanted))
            .findFirst()
            .orElseThrow(() ->
                DefinitionPaths.unknown(
                    "%s '%s' has no version %s: its newest is %d"
                        .formatted(newest.kind(), newest.name(), wanted, newest.version())));
    context.json(DefinitionJson.WithSource.of(version));
  }

  private void validate(Context context) {
    String kind = paths.kind(context);
    String name = new Query(context).text("name");
    context.json(
        DefinitionJson.Validation.of(
            definitions.kind(kind), name == null ? "draft" : name, source(context)));
  }

  private void save(Context context, String prefix) {
    String kind = paths.kind(context);
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
    Definition one = paths.find(context);
    if (!definitions.delete(one.kind(), one.name())) {
      throw paths.unknown(one.kind(), one.name());
    }
    context.status(204);
  }

  /** The document itself, or the {@code source} of a JSON body. */
  private static String source(Context context) {
    RequestBody.requireType(context, SOURCE_TYPES);
    return RequestBody.mediaType(context).endsWith("json")
        ? DefinitionPaths.source(RequestBody.parse(RequestBody.bytes(context)))
        : document(context);
  }

  /** The body as a document. */
  static String document(Context context) {
    String text = RequestBody.text(RequestBody.bytes(context));
    if (text.isBlank()) {
      throw WindlassException.invalid("The body is empty: send the document");
    }
    return text;
  }
}
