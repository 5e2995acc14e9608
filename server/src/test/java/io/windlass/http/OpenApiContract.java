package io.windlass.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.windlass.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * An OpenAPI 3.1 document that responses are held against: every response must be one that the
 * document gives for that operation and status, with the documented content type and a body that
 * fits its schema. It remembers what was held, so that a test can tell which parts were never
 * tried.
 */
public final class OpenApiContract {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");

  private final JsonNode document;
  private final String base;
  private final List<Operation> operations = new ArrayList<>();
  private final SchemaRegistry registry;
  private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();
  private final Set<String> held = new ConcurrentSkipListSet<>();

  private record Operation(String method, String path, Pattern pattern, JsonNode node) {
    String name() {
      return method + " " + path;
    }
  }

  private OpenApiContract(JsonNode document, String base) {
    this.document = document;
    this.base = base;
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config));
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue().properties().stream()
                .filter(operation -> METHODS.contains(operation.getKey()))
                .forEach(operation ->
                    operations.add(
                        new Operation(
                            operation.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            pattern(path.getKey()),
                            operation.getValue()))));
    // Fewer parameters first, so that /x/plan is not taken for /x/{name}.
    operations.sort(
        Comparator.comparingLong(
            operation -> operation.path().chars().filter(c -> c == '{').count()));
  }

  /**
   * Reads a document from the class path.
   *
   * @param resource as {@code /openapi/unified.yaml}
   * @param base what stands before every path of the document in the requests; mostly empty
   */
  public static OpenApiContract load(String resource, String base) {
    return new OpenApiContract(read(resource), base);
  }

  /**
   * Like {@link #load}, but a response may have no field that its schema does not name: every
   * object schema with properties is closed unless it says {@code additionalProperties} itself.
   */
  public static OpenApiContract loadStrict(String resource, String base) {
    JsonNode document = read(resource);
    close(document);
    return new OpenApiContract(document, base);
  }

  /** Holds a response against the document; fails the test when it does not fit. */
  public <T> HttpResponse<T> hold(HttpResponse<T> response) {
    String body = response.body() instanceof String text ? text : null;
    hold(
        response.request().method(),
        response.request().uri().getRawPath(),
        response.statusCode(),
        response.headers().firstValue("content-type").orElse(null),
        body);
    return response;
  }

  /** Also holds the request body of an accepted request against the document. */
  public <T> HttpResponse<T> hold(HttpResponse<T> response, @Nullable String sentJson) {
    hold(response);
    if (sentJson != null && response.statusCode() < 300) {
      Operation operation =
          operation(response.request().method(), response.request().uri().getRawPath());
      JsonNode schema =
          resolve(operation.node().path("requestBody"))
              .path("content")
              .path("application/json")
              .path("schema");
      assertThat(schema.isMissingNode())
          .as("%s documents a JSON request body", operation.name())
          .isFalse();
      fits(operation.name() + " request", schema, Json.read(sentJson));
    }
    return response;
  }

  /** The same for a response that did not come through {@link java.net.http.HttpClient}. */
  public void hold(
      String method, String path, int status, @Nullable String contentType, @Nullable String body) {
    Operation operation = operation(method, path);
    String what = operation.name() + " -> " + status;
    JsonNode responses = operation.node().path("responses");
    String key = responses.has("" + status) ? "" + status : "default";
    if (!responses.has(key)) {
      fail("%s is not documented, only %s; body: %s", what, names(responses), body);
    }
    held.add(operation.name() + " " + key);
    JsonNode content = resolve(responses.path(key)).path("content");
    if (content.isEmpty()) {
      assertThat(body == null ? "" : body).as("%s documents no body", what).isEmpty();
      return;
    }
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    if (content.has("*/*")) {
      return;
    }
    if (!content.has(type)) {
      fail("%s has content type '%s', documented: %s; body: %s", what, type, names(content), body);
    }
    JsonNode schema = content.path(type).path("schema");
    if (body != null && !schema.isMissingNode() && type.endsWith("json")) {
      fits(what, schema, Json.read(body));
    }
  }

  /** Fails when a value does not fit a named schema of the document's components. */
  public void holdSchema(String schema, JsonNode value) {
    JsonNode node = document.path("components").path("schemas").path(schema);
    assertThat(node.isMissingNode()).as("schema %s exists", schema).isFalse();
    fits(schema, node, value);
  }

  /** Every operation of the document, as {@code GET /health}. */
  public Set<String> operations() {
    return operations.stream().map(Operation::name).collect(Collectors.toCollection(TreeSet::new));
  }

  /** The operations for which no response was held. */
  public Set<String> untriedOperations() {
    Set<String> left = operations();
    left.removeIf(name -> held.stream().anyMatch(tried -> tried.startsWith(name + " ")));
    return left;
  }

  /** The documented answers that were never held, as {@code GET /health 503}. */
  public Set<String> untriedResponses() {
    Set<String> left = new TreeSet<>();
    for (Operation operation : operations) {
      operation
          .node()
          .path("responses")
          .propertyNames()
          .forEach(status -> left.add(operation.name() + " " + status));
    }
    left.removeAll(held);
    return left;
  }

  /** Fails when an example of the document does not fit the schema beside it. */
  public void holdExamples() {
    for (Operation operation : operations) {
      examples(operation.name() + " request", resolve(operation.node().path("requestBody")));
      operation
          .node()
          .path("responses")
          .properties()
          .forEach(response ->
              examples(operation.name() + " " + response.getKey(), resolve(response.getValue())));
    }
  }

  private void examples(String what, JsonNode bodied) {
    for (Map.Entry<String, JsonNode> content : bodied.path("content").properties()) {
      JsonNode media = content.getValue();
      if (content.getKey().endsWith("json") && media.has("example")) {
        fits(what + " example", media.path("schema"), media.path("example"));
      }
      for (Map.Entry<String, JsonNode> example : media.path("examples").properties()) {
        fits(
            what + " example " + example.getKey(),
            media.path("schema"),
            example.getValue().path("value"));
      }
    }
  }

  private Operation operation(String method, String path) {
    assertThat(path).startsWith(base);
    String rest = path.substring(base.length());
    return operations.stream()
        .filter(one -> one.method().equals(method) && one.pattern().matcher(rest).matches())
        .findFirst()
        .orElseGet(() -> fail("%s %s is not in the document", method, rest));
  }

  private void fits(String what, JsonNode schema, JsonNode value) {
    List<Error> errors = schemas.computeIfAbsent(schema, this::compile).validate(value);
    if (!errors.isEmpty()) {
      fail(
          "%s does not fit its schema:%n%s%nin: %s",
          what, errors.stream().map(Error::toString).collect(Collectors.joining("\n")), value);
    }
  }

  /** Puts the document's components beside the schema, so that its references resolve. */
  private Schema compile(JsonNode schema) {
    ObjectNode whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", document.path("components"));
    return registry.getSchema(whole);
  }

  private JsonNode resolve(JsonNode node) {
    String reference = node.path("$ref").asString("");
    return reference.isEmpty() ? node : resolve(document.at(reference.substring(1)));
  }

  private static Pattern pattern(String path) {
    StringBuilder regex = new StringBuilder();
    for (String part : path.splitWithDelimiters("\\{[^}]+}", 0)) {
      regex.append(part.startsWith("{") ? "[^/]+" : Pattern.quote(part));
    }
    return Pattern.compile(regex.toString());
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && "object".equals(object.path("type").asString(""))
        && object.path("properties").isObject()
        && !object.has("additionalProperties")
        && !object.has("allOf")) {
      object.put("additionalProperties", false);
    }
    node.forEach(OpenApiContract::close);
  }

  private static Set<String> names(JsonNode object) {
    return new TreeSet<>(object.propertyNames());
  }

  private static JsonNode read(String resource) {
    try (InputStream in = OpenApiContract.class.getResourceAsStream(resource)) {
      if (in == null) {
        return fail("no %s on the class path", resource);
      }
      return new YAMLMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
