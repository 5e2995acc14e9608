package io.windlass.surface.chains;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import io.windlass.chain.Yaml;
import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.definition.Outline;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeping chains and pipelines: listing, reading, saving and deleting their documents. */
final class DefinitionRoutes {
  private static final Set<String> TYPES =
      Set.of(
          "application/json",
          "text/yaml",
          "text/x-yaml",
          "application/yaml",
          "application/x-yaml",
          "text/plain",
          "application/octet-stream");

  /** Longer documents sent as JSON are kept as JSON, in bytes. */
  private static final int READABLE = 100_000;

  private final Definitions definitions;

  DefinitionRoutes(Definitions definitions) {
    this.definitions = definitions;
  }

  void declare(Routes routes) {
    declare(routes, "/chains", ChainsSurface.CHAIN);
    declare(routes, "/pipelines", ChainsSurface.PIPELINE);
  }

  private void declare(Routes routes, String path, String kind) {
    routes
        .get(path, context -> list(context, kind))
        .get(path + "/{name}", context -> read(context, kind))
        .get(path + "/{name}/json", context -> asJson(context, kind))
        .post(path + "/{name}", context -> save(context, kind))
        .delete(path + "/{name}", context -> delete(context, kind));
  }

  private void list(Context context, String kind) {
    boolean chains = kind.equals(ChainsSurface.CHAIN);
    context.json(definitions.list(kind).stream().map(one -> ListedJson.of(one, chains)).toList());
  }

  private void read(Context context, String kind) {
    context.contentType("text/yaml; charset=utf-8").result(find(context, kind).source());
  }

  private void asJson(Context context, String kind) {
    context.json(Yaml.read(find(context, kind).source()));
  }

  private void save(Context context, String kind) {
    byte[] bytes = RequestBody.bytes(context);
    RequestBody.requireType(context, TYPES);
    if (bytes.length == 0) {
      throw WindlassException.invalid(
          "The body is empty: send the %s as YAML or JSON".formatted(kind));
    }
    definitions.save(kind, context.pathParam("name"), source(context, bytes));
    context.json(Map.of("ok", true));
  }

  /** The document as it is to be kept: YAML as it was sent, JSON rewritten as YAML. */
  private static String source(Context context, byte[] bytes) {
    if (!RequestBody.mediaType(context).endsWith("json")) {
      return RequestBody.text(bytes);
    }
    JsonNode json = RequestBody.parse(bytes);
    if (json.isString()) {
      return json.stringValue();
    }
    if (!(json instanceof ObjectNode object)) {
      throw WindlassException.invalid(
          "The body must be a JSON object: a document, or {\"yaml\": \"…\"}");
    }
    String yaml = object.has("steps") || object.has("chains") ? null : Fields.text(object, "yaml");
    if (yaml != null) {
      return yaml;
    }
    String text = RequestBody.text(bytes);
    try {
      // Of a key that stands twice the tree above has only the last.
      var _ = Yaml.read(text);
    } catch (WindlassException e) {
      // What is wrong with it is told where all documents are read.
      return text;
    }
    // JSON is YAML as well; what nobody will read through is not worth the time to make it pretty.
    return bytes.length > READABLE ? Json.write(object) : Yaml.write(object);
  }

  private void delete(Context context, String kind) {
    String name = context.pathParam("name");
    if (!definitions.delete(kind, name)) {
      throw missing(kind, name);
    }
    context.json(Map.of("ok", true));
  }

  private Definition find(Context context, String kind) {
    String name = context.pathParam("name");
    return definitions.find(kind, name).orElseThrow(() -> missing(kind, name));
  }

  private WindlassException missing(String kind, String name) {
    if (definitions.kind(kind).nameFault(name).isPresent()) {
      return definitions.missing(kind, name);
    }
    String label = kind.equals(ChainsSurface.CHAIN) ? "Chain" : "Pipeline";
    return WindlassException.notFound(
        ErrorCode.DEFINITION_NOT_FOUND,
        "%s %s not found%s".formatted(label, Json.text(name), definitions.hint(kind, name)));
  }

  /** What the lists show; a broken document shows its fault. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record ListedJson(
      String name,
      @Nullable String description,
      @Nullable String version,
      @Nullable Integer stepCount,
      @Nullable Integer chainCount,
      @Nullable String error) {

    static ListedJson of(Definition definition, boolean chain) {
      Outline outline = definition.outline();
      if (outline == null) {
        String fault = definition.fault() == null ? "cannot be read" : definition.fault();
        return new ListedJson(definition.name(), null, null, null, null, fault);
      }
      return new ListedJson(
          definition.name(),
          outline.description(),
          outline.version(),
          chain ? outline.steps() : null,
          chain ? null : outline.steps(),
          null);
    }
  }
}
