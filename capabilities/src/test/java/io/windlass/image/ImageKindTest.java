package io.windlass.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.tool.PreTools;
import io.windlass.workspace.Workspace;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Image steps against a server that answers as the images API does. */
class ImageKindTest {
  private static final byte[] PNG =
      Base64.getDecoder()
          .decode(
              "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

  @TempDir private Path folder;
  private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private final CountDownLatch hold = new CountDownLatch(1);
  private final FakeStepContext context = FakeStepContext.with("thing", "a kite");
  private volatile String answer = "";
  private volatile int status = 200;
  private HttpServer server;

  @BeforeEach
  void open() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/v1/images/generations",
        exchange -> {
          requests.add(Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
          keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          if (answer.equals("hold")) {
            try {
              hold.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          byte[] body = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/files/kite.png",
        exchange -> {
          keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
          exchange.sendResponseHeaders(200, PNG.length);
          exchange.getResponseBody().write(PNG);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void close() {
    hold.countDown();
    server.stop(0);
  }

  @Test
  void keepsAPictureThatComesAsBase64() throws Exception {
    answer =
        "{\"created\":1,\"data\":[{\"b64_json\":\"%s\",\"revised_prompt\":\"A red kite\"}],"
                .formatted(Base64.getEncoder().encodeToString(PNG))
            + "\"usage\":{\"input_tokens\":9,\"output_tokens\":272,\"total_tokens\":281}}";
    JsonNode output =
        output(run("{\"prompt\":\"Draw {thing}\",\"image_size\":\"1024x1024\"}", context));
    assertThat(output.propertyNames())
        .containsExactlyInAnyOrder(
            "image_url", "image_path", "format", "model", "provider", "prompt", "revised_prompt");
    Path file = Path.of(output.path("image_path").asString());
    assertThat(Files.readAllBytes(file)).isEqualTo(PNG);
    assertThat(file).hasParent(folder.resolve("images").toAbsolutePath());
    assertThat(output.path("image_url").asString()).isEqualTo("/images/" + file.getFileName());
    assertThat(output.path("format").asString()).isEqualTo("png");
    assertThat(output.path("model").asString()).isEqualTo("gpt-image-1");
    assertThat(output.path("provider").asString()).isEqualTo("openai");
    assertThat(output.path("prompt").asString()).isEqualTo("Draw a kite");
    assertThat(output.path("revised_prompt").asString()).isEqualTo("A red kite");
    assertThat(requests.getFirst())
        .hasToString(
            "{\"model\":\"gpt-image-1\",\"prompt\":\"Draw a kite\",\"n\":1,\"size\":\"1024x1024\"}");
    assertThat(keys).containsExactly("Bearer sk-test");
    assertThat(context.usages().getFirst().outputTokens()).isEqualTo(272);

    run("{\"prompt\":\"Draw {thing}\",\"image_size\":\"1024x1024\"}", context);
    assertThat(requests).hasSize(1);
  }

  @Test
  void fetchesAPictureThatComesAsALink_withoutSendingTheKey() throws Exception {
    answer =
        "{\"created\":1,\"data\":[{\"url\":\"http://127.0.0.1:%d/files/kite.png?sig=1\"}]}"
            .formatted(server.getAddress().getPort());
    JsonNode output = output(run("{\"prompt\":\"A kite\",\"model\":\"openai/dall-e-3\"}", context));
    assertThat(Path.of(output.path("image_path").asString())).hasBinaryContent(PNG);
    assertThat(output.path("revised_prompt").asString()).isEqualTo("A kite");
    assertThat(requests.getFirst().path("response_format").asString()).isEqualTo("b64_json");
    assertThat(keys).containsExactly("Bearer sk-test", "null");
  }

  @Test
  void tellsRefusalsThatPassFromThoseThatDoNot() throws Exception {
    status = 429;
    answer = "{\"error\":{\"message\":\"slow down\"}}";
    assertThat(failed("{\"prompt\":\"p\"}"))
        .satisfies(failure -> assertThat(failure.retryable()).isTrue())
        .extracting(StepOutcome.Failed::error)
        .asString()
        .contains("HTTP 429: slow down");
    status = 400;
    answer = "{\"error\":{\"message\":\"no such model; key sk-test\"}}";
    assertThat(failed("{\"prompt\":\"p\"}"))
        .satisfies(failure -> assertThat(failure.retryable()).isFalse())
        .extracting(StepOutcome.Failed::error)
        .asString()
        .contains("no such model")
        .doesNotContain("sk-test");
  }

  @Test
  void refusesWhatIsNoPicture() throws Exception {
    List<String> errors = new ArrayList<>();
    for (String body :
        List.of(
            "{\"data\":[{\"b64_json\":\"aGVsbG8=\"}]}",
            "{\"data\":[]}",
            "<html>",
            "{\"data\":[{\"url\":\"file:///etc/passwd\"}]}")) {
      answer = body;
      errors.add(failed("{\"prompt\":\"p\"}").error());
    }
    assertThat(errors.get(0)).contains("no PNG, JPEG, WebP or GIF");
    assertThat(errors.get(1)).contains("without a picture");
    assertThat(errors.get(2)).contains("no JSON");
    assertThat(errors.get(3)).contains("without a picture");
    assertThat(folder.resolve("images")).doesNotExist();
  }

  @Test
  void makesAPictureBeforeAStep() throws Exception {
    answer =
        "{\"data\":[{\"b64_json\":\"%s\"}],\"usage\":{\"input_tokens\":9,\"output_tokens\":272}}"
            .formatted(Base64.getEncoder().encodeToString(PNG));
    String fields =
        "{\"prompt\":\"Draw {thing}\",\"size\":\"1024x1024\",\"output_path\":\"art/kite\"}";
    String path = preTool(fields, context);
    assertThat(path).isEqualTo(folder.toRealPath().resolve("art/kite.png").toString());
    assertThat(Path.of(path)).hasBinaryContent(PNG);
    assertThat(requests.getFirst().path("prompt").asString()).isEqualTo("Draw a kite");
    assertThat(requests.getFirst().path("size").asString()).isEqualTo("1024x1024");

    assertThat(preTool(fields, context)).isEqualTo(path);
    assertThat(requests).as("a replay asks nobody").hasSize(1);
    assertThat(context.usages()).as("and tells again what it took").hasSize(2);
    assertThat(context.usages().getLast().outputTokens()).isEqualTo(272);

    JsonNode told =
        Json.read(preTool("{\"prompt\":\"A kite\",\"output\":\"json\"}", new FakeStepContext()));
    assertThat(told.path("image_url").asString()).startsWith("/images/image-");
    assertThat(Path.of(told.path("image_path").asString()))
        .hasParent(folder.resolve("images").toAbsolutePath())
        .hasBinaryContent(PNG);
  }

  @Test
  void asksForNoPictureThatCannotBeKept() throws Exception {
    assertThat(preTool("{\"prompt\":\"p\",\"output_path\":\"/etc/x.png\"}", context))
        .startsWith("[PRE-TOOL ERROR: ")
        .contains("outside the workspace");
    assertThat(preTool("{\"prompt\":\" \"}", new FakeStepContext())).contains("prompt is empty");
    assertThat(preTool("{\"prompt\":\"p\",\"output\":\"x\"}", new FakeStepContext()))
        .contains("output must be path or json");
    assertThat(requests).isEmpty();
    status = 400;
    answer = "{\"error\":{\"message\":\"no such size\"}}";
    assertThat(preTool("{\"prompt\":\"p\",\"retry\":3}", new FakeStepContext()))
        .contains("no such size");
    assertThat(requests).as("a refusal is final").hasSize(1);
  }

  @Test
  void boundsTheCallByTimeoutMs() throws Exception {
    answer = "hold";
    assertThat(failed("{\"prompt\":\"p\",\"timeout_ms\":150}").error()).contains("timeout_ms");
  }

  @Test
  void namesTheSetting_whenNothingIsConfigured() throws Exception {
    try (Images images = new Images(ModelConfig.NONE, folder)) {
      assertThat(
              new ImageKind(images).bind((ObjectNode) Json.read("{\"prompt\":\"p\"}")).run(context))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failure -> assertThat(failure.error()).contains("OPENAI_API_KEY"));
    }
  }

  private StepOutcome.Failed failed(String fields) throws Exception {
    return (StepOutcome.Failed) run(fields, new FakeStepContext());
  }

  private static JsonNode output(StepOutcome outcome) {
    return Json.read(Json.show(((StepOutcome.Done) outcome).output()));
  }

  private StepOutcome run(String fields, FakeStepContext with) throws Exception {
    try (Images images = new Images(config(), folder.resolve("images"))) {
      return new ImageKind(images).bind((ObjectNode) Json.read(fields)).run(with);
    }
  }

  /** What a pre-tool puts into its variable. */
  private String preTool(String fields, FakeStepContext with) throws Exception {
    try (Images images = new Images(config(), folder.resolve("images"))) {
      var tools = new PreTools(List.of(new ImageGenerate(images, new Workspace(folder, folder))));
      ObjectNode call = (ObjectNode) Json.read(fields);
      call.put("type", "image_generate").put("inject_as", "picture");
      return tools.run(with, List.of(call), with.state()).text("picture");
    }
  }

  private ModelConfig config() {
    return ModelConfig.read(
        Map.of(
            "OPENAI_BASE_URL",
            "http://127.0.0.1:" + server.getAddress().getPort() + "/v1",
            "OPENAI_API_KEY",
            "sk-test"),
        Map.of());
  }
}
