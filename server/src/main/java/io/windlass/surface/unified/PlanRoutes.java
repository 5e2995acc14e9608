package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.definition.Definition;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Dry runs: of a saved definition, and of a document that is not saved. */
final class PlanRoutes {
  private final DefinitionPaths paths;

  PlanRoutes(DefinitionPaths paths) {
    this.paths = paths;
  }

  void declare(Routes routes) {
    routes
        .post("/v1/definitions/{kind}/plan", this::draft)
        .get("/v1/definitions/{kind}/{name}/plan", this::show)
        .post("/v1/definitions/{kind}/{name}/plan", this::saved);
  }

  private void draft(Context context) throws InterruptedException {
    String kind = paths.kind(context);
    RequestBody.requireType(context, DefinitionRoutes.SOURCE_TYPES);
    if (!RequestBody.mediaType(context).endsWith("json")) {
      String named = new Query(context).text("name");
      answer(context, kind, named, DefinitionRoutes.document(context), null, null);
      return;
    }
    ObjectNode json = RequestBody.object(context);
    Fields body = new Fields(json);
    String name = body.text("name");
    ObjectNode input = body.object("input");
    String script = script(body);
    body.check();
    answer(context, kind, name, DefinitionPaths.source(json), input, script);
  }

  private void show(Context context) throws InterruptedException {
    Definition one = paths.find(context);
    String input = new Query(context).text("input");
    answer(context, one.kind(), one.name(), one.source(), input(input), null);
  }

  private void saved(Context context) throws InterruptedException {
    Definition one = paths.find(context);
    Fields body = new Fields(RequestBody.object(context));
    ObjectNode input = body.object("input");
    String script = script(body);
    body.check();
    answer(context, one.kind(), one.name(), one.source(), input, script);
  }

  private void answer(
      Context context,
      String kind,
      @Nullable String name,
      String source,
      @Nullable ObjectNode input,
      @Nullable String script)
      throws InterruptedException {
    KindRules rules = paths.kinds().get(kind);
    Planner planner = rules == null ? null : rules.planner();
    if (planner == null) {
      Problem.write(context, 501, "Definitions of kind '" + kind + "' cannot be planned");
      return;
    }
    context.json(
        planner.plan(
            new Planner.Draft(
                kind,
                name == null ? "draft" : name,
                source,
                input == null ? Json.object() : input,
                script)));
  }

  private static @Nullable ObjectNode input(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (Json.read(text) instanceof ObjectNode object) {
      return object;
    }
    throw WindlassException.invalid("The request is not valid:\ninput: must be a JSON object");
  }

  /** The script as text in YAML or JSON, or as an object. */
  private static @Nullable String script(Fields body) {
    JsonNode script = body.any("script");
    return script == null ? null : script.isObject() ? script.toString() : body.text("script");
  }
}
