package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.javalin.http.UploadedFile;
import io.windlass.chain.Yaml;
import io.windlass.definition.Finding;
import io.windlass.http.RequestBody;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workflow.Workflow;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.BadMessageException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the workflow document of a request: JSON, YAML, or a form with a file. */
final class WorkflowDocuments {
  private static final Set<String> YAML =
      Set.of("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml");

  /** Longer documents are kept as JSON, in characters. */
  private static final int READABLE = 100_000;

  private static final int SHOWN = 100;

  /** Its place is that of another route. */
  private static final String RESERVED = "checkpoints";

  private static final int LONGEST_VALUE = 200;

  private WorkflowDocuments() {}

  /**
   * The document as a tree.
   *
   * @throws WindlassException INVALID_INPUT when it cannot be read
   */
  static ObjectNode read(Context context) {
    String type = RequestBody.mediaType(context);
    if (type.equals("multipart/form-data")) {
      return form(context);
    }
    if (YAML.contains(type)) {
      return parsed(RequestBody.text(RequestBody.bytes(context)), "The body");
    }
    ObjectNode body = RequestBody.object(context);
    if (body.isEmpty()) {
      throw WindlassException.invalid(
          "The body is empty: send a workflow as a JSON object, or a form with a YAML or JSON file");
    }
    for (String wrapped : List.of("workflow", "definition")) {
      if (body.get(wrapped) instanceof ObjectNode inner && !body.has("strategy_definition")) {
        return inner;
      }
    }
    return body;
  }

  private static ObjectNode form(Context context) {
    String type = context.contentType();
    if (type == null || !type.contains("boundary=")) {
      throw WindlassException.invalid(
          "Content-Type multipart/form-data needs a boundary: let the client library set it");
    }
    List<UploadedFile> files;
    Map<String, List<String>> fields;
    try {
      files = files(context);
      fields = context.formParamMap();
    } catch (ServletException | IOException | IllegalStateException | BadMessageException e) {
      // What is left of the body cannot be told from the next request.
      context.header("Connection", "close");
      throw new WindlassException(
          ErrorCode.INVALID_INPUT,
          "The body is no multipart/form-data (%s): send each field between lines of the boundary that Content-Type names"
              .formatted(cut(String.valueOf(e.getMessage()))),
          e);
    }
    ObjectNode document = Json.object();
    if (files.size() > 1) {
      throw WindlassException.invalid(
          "The form has %d files: send one file with one workflow".formatted(files.size()));
    }
    for (UploadedFile file : files) {
      document = parsed(text(file), "The file " + file.filename());
    }
    for (Map.Entry<String, List<String>> field : fields.entrySet()) {
      if (field.getValue().isEmpty()) {
        // The fields of files come without values.
        continue;
      }
      String value = field.getValue().getFirst();
      JsonNode parsed =
          value.stripLeading().startsWith("{") || value.stripLeading().startsWith("[")
              ? parsedValue(field.getKey(), value)
              : field.getKey().equals("tags") ? tags(value) : Json.text(value);
      document.set(field.getKey(), parsed);
    }
    if (document.isEmpty()) {
      throw WindlassException.invalid(
          "The form holds no workflow: put a YAML or JSON file into the field \"file\"");
    }
    return document;
  }

  /** Names what the HTTP library throws without telling. */
  @SuppressWarnings("RedundantThrows")
  private static List<UploadedFile> files(Context context) throws ServletException, IOException {
    return context.uploadedFiles();
  }

  private static String cut(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static JsonNode tags(String value) {
    return Json.tree(List.of(value.split("\\s*,\\s*")));
  }

  private static JsonNode parsedValue(String field, String value) {
    try {
      return Json.read(value);
    } catch (WindlassException e) {
      throw WindlassException.invalid(
          "The form field %s holds no JSON: %s".formatted(field, e.text()));
    }
  }

  private static String text(UploadedFile file) {
    try (var content = file.content()) {
      byte[] bytes = content.readNBytes(Yaml.MAX_LENGTH + 1);
      if (bytes.length > Yaml.MAX_LENGTH) {
        throw new WindlassException(
            ErrorCode.TOO_LARGE,
            "The file %s is larger than %d bytes".formatted(file.filename(), Yaml.MAX_LENGTH));
      }
      return RequestBody.text(bytes);
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "The file %s broke off".formatted(file.filename()), e);
    }
  }

  private static ObjectNode parsed(String text, String what) {
    JsonNode tree;
    try {
      tree = Yaml.read(text);
    } catch (WindlassException e) {
      throw new WindlassException(
          e.code() == ErrorCode.TOO_LARGE ? e.code() : ErrorCode.INVALID_INPUT,
          what + " is neither YAML nor JSON: " + e.text(),
          e);
    }
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw WindlassException.invalid(what + " must hold one workflow, an object with name, …");
  }

  private static String slugOf(JsonNode name) {
    String slug = Workflow.slugOf(Json.show(name));
    if (slug.isEmpty() && name.isString() && !name.stringValue().isBlank()) {
      String message =
          "No slug can be made of the name \"%s\", which has none of a-z and 0-9: send a slug, too"
              .formatted(cut(name.stringValue()));
      throw Fields.invalid(
          "name", message, name, "has a letter or digit of ASCII, or a slug beside");
    }
    return slug;
  }

  /** The slug that a document has or that its name gives. */
  static String slug(ObjectNode document) {
    JsonNode given = document.path("slug");
    String slug =
        given.isString() && !given.stringValue().isBlank()
            ? given.stringValue().strip()
            : slugOf(document.path("name"));
    if (slug.equals(RESERVED)) {
      throw WindlassException.invalid(
          "The slug \"%s\" is taken by GET /workflows/%s: choose another one".formatted(slug, slug),
          List.of(new Fault("slug", "is reserved", Json.text(slug), "not: " + RESERVED)));
    }
    document.put("slug", slug);
    return slug;
  }

  /** What the document has at a path; null when that is nothing, or more than a single value. */
  private static @Nullable JsonNode value(JsonNode document, String path) {
    JsonNode value = document;
    for (String part : path.split("\\.", -1)) {
      value =
          value.isArray() && part.matches("\\d{1,9}")
              ? value.path(Integer.parseInt(part))
              : value.path(part);
    }
    return value.isValueNode() && value.toString().length() <= LONGEST_VALUE ? value : null;
  }

  /**
   * The text to keep of a sound document.
   *
   * @throws WindlassException INVALID_INPUT with every place that is at fault
   */
  static String source(WorkflowPorts ports, String slug, ObjectNode document) {
    String json = Json.write(document);
    String source = json.length() > READABLE ? json : Yaml.write(document);
    List<Fault> faults =
        ports.workflows().lint(slug, source).stream()
            .filter(Finding::error)
            .map(finding ->
                new Fault(
                    finding.path(),
                    finding.reason(),
                    value(document, finding.path()),
                    finding.constraint()))
            .toList();
    if (!faults.isEmpty()) {
      throw WindlassException.invalid(
          faults.stream()
              .map(fault -> fault.path() + ": " + fault.reason())
              .collect(Collectors.joining("; ", "Invalid workflow: ", "")),
          faults);
    }
    return source;
  }
}
