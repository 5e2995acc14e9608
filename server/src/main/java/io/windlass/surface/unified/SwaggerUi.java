package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The viewer of OpenAPI documents: Swagger UI from its WebJar, with nothing from elsewhere. */
final class SwaggerUi {
  private static final String JAR = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final Map<String, String> FILES =
      Map.of(
          "swagger-ui.css", "text/css",
          "swagger-ui-bundle.js", "text/javascript",
          "swagger-ui-standalone-preset.js", "text/javascript",
          "favicon-32x32.png", "image/png");
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Windlass: API documents</title>
        <link rel="icon" href="assets/favicon-32x32.png">
        <link rel="stylesheet" href="assets/swagger-ui.css">
        <style>body { margin: 0 }</style>
      </head>
      <body>
        <div id="swagger-ui"></div>
        <script src="assets/swagger-ui-bundle.js"></script>
        <script src="assets/swagger-ui-standalone-preset.js"></script>
        <script src="assets/start.js"></script>
      </body>
      </html>
      """;
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
          + " img-src 'self' data:; connect-src 'self' http: https:";
  private final List<ApiDocument> documents;
  private final String folder;

  SwaggerUi(List<ApiDocument> documents) {
    this.documents = documents;
    this.folder = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";
  }

  /** The page; its links are relative, so it stands at a path that ends with a slash. */
  void page(Context context) {
    if (!context.path().endsWith("/")) {
      String last = context.path().substring(context.path().lastIndexOf('/') + 1);
      context.status(302).header("Location", last + "/");
      return;
    }
    context.contentType("text/html").header("Content-Security-Policy", POLICY).result(PAGE);
  }

  void document(Context context) {
    String wanted = context.pathParam("document");
    for (ApiDocument document : documents) {
      if (wanted.equals(document.name() + ".yaml")) {
        context.contentType("application/yaml").result(read(document.resource()));
        return;
      }
    }
    throw new WindlassException(
        ErrorCode.NOT_FOUND,
        "There is no document '%s': there are %s"
            .formatted(
                wanted,
                String.join(", ", documents.stream().map(one -> one.name() + ".yaml").toList())));
  }

  void asset(Context context) {
    String file = context.pathParam("file");
    if (file.equals("start.js")) {
      context.contentType("text/javascript").result(start());
      return;
    }
    String type = FILES.get(file);
    if (type == null) {
      throw new WindlassException(ErrorCode.NOT_FOUND, "The viewer has no file '" + file + "'");
    }
    context.contentType(type).header("Cache-Control", "max-age=86400").result(read(folder + file));
  }

  private String start() {
    ObjectNode settings = Json.object();
    settings
        .put("dom_id", "#swagger-ui")
        .put("deepLinking", true)
        .put("layout", "StandaloneLayout");
    // Otherwise documents would be sent to a validator on the internet.
    settings.put("validatorUrl", "none");
    ArrayNode urls = settings.putArray("urls");
    documents.forEach(
        one -> urls.addObject().put("url", one.name() + ".yaml").put("name", one.title()));
    return "const settings = "
        + settings
        + ";\nsettings.presets = [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset];\n"
        + "window.ui = SwaggerUIBundle(settings);\n";
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = open(JAR)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static byte[] read(String resource) {
    try (InputStream in = open(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String resource) {
    InputStream in = SwaggerUi.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IllegalStateException(resource + " is not on the class path");
    }
    return in;
  }
}
