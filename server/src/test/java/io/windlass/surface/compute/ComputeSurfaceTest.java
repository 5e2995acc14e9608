package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import io.windlass.workspace.ClosedHome;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** The calls of the frame over HTTP, each answer held against the OpenAPI document. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class ComputeSurfaceTest {
  private static final String FILES = "/service/workspaces/default/files";
  private static final String EXECUTE = "/mcp-tools/execute";
  @Parameter private TestStore store;
  private ComputeServer server;
  private Path folder;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path temporary) throws Exception {
    store = database;
    folder = temporary;
    server =
        new ComputeServer(folder, database, new ComputeConfig.Limits(100_000, 50, 100), Set.of());
    String program = Path.of("src", "test", "node", "calculator.js").toAbsolutePath().toString();
    server.mcp(
        """
        {"mcpServers": {
          "calc": {"command": "node", "args": ["%s"], "env": {"SECRET": "s3cret-value"}, "timeout": 20},
          "gone": {"command": "no-such-program-here"}}}
        """
            .formatted(program));
  }

  @AfterParameterizedClassInvocation
  void everyOperationWasTried() {
    Set<String> untried = server.contract.untriedOperations();
    server.close();
    assertThat(untried)
        .filteredOn(operation -> operation.matches("\\S+ /(health|service|mcp|workspace/).*"))
        .isEmpty();
  }

  @Test
  void tellsThatItIsWell() throws Exception {
    assertThat(server.json("/health").path("status").asString()).isEqualTo("healthy");
    JsonNode health = server.json("/service/health");
    String name = server.engine.database().dialect().name();
    assertThat(health.at("/database/" + name).asString()).isEqualTo("connected");
    JsonNode pool = health.at("/database/connection_pool");
    assertThat(pool.path("size").asInt()).isPositive();
    assertThat(pool.path("available").asInt() + pool.path("in_use").asInt())
        .isEqualTo(pool.path("size").asInt());
    assertThat(health.at("/services/workflow_engine").asString()).isEqualTo("running");
  }

  @Test
  void countsRequestsAndRuns() throws Exception {
    JsonNode before = server.json("/service/metrics");
    server.run("counted");
    server.get("/service/workspace-config");
    JsonNode after = server.json("/service/metrics");
    assertThat(grown(before, after, "/executions/completed_today")).isEqualTo(1);
    assertThat(grown(before, after, "/requests/total")).isGreaterThanOrEqualTo(2);
    String route = "/requests/by_endpoint/~1service~1workspace-config";
    assertThat(grown(before, after, route)).isGreaterThanOrEqualTo(1);
    assertThat(after.at("/requests/per_minute").asDouble()).isPositive();
    assertThat(after.at("/executions/avg_duration_seconds").asDouble()).isBetween(0.0001, 60.0);
    assertThat(after.at("/resources/memory_usage_mb").asInt()).isPositive();
  }

  private static int grown(JsonNode before, JsonNode after, String place) {
    return after.at(place).asInt(0) - before.at(place).asInt(0);
  }

  @Test
  void wordsErrorsAsDocumented_andNamesTheRequest() throws Exception {
    HttpResponse<String> answer =
        server.send(server.request(FILES + "?limit=x").header("X-Request-Id", "req_mine"));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("X-Request-Id")).hasValue("req_mine");
    JsonNode error = Json.read(answer.body()).path("error");
    assertThat(error.path("code").asString()).isEqualTo("ERR_VALIDATION_001");
    assertThat(error.path("request_id").asString()).isEqualTo("req_mine");
    assertThat(error.path("message").asString()).contains("limit", "x");

    HttpResponse<String> field =
        server.post(EXECUTE, "{\"tool_id\": \"calc-add\", \"config\": {\"timeout\": -5}}");
    assertThat(field.statusCode()).isEqualTo(422);
    JsonNode details = Json.read(field.body()).at("/error/details");
    assertThat(details.path("field").asString()).isEqualTo("timeout");
    assertThat(details.path("value").asInt()).isEqualTo(-5);
    assertThat(details.path("constraint").asString()).startsWith("minimum: ");
    HttpResponse<String> broken = server.post(EXECUTE, "{");
    assertThat(broken.statusCode()).isEqualTo(400);
  }

  @Test
  void listsServersAndTheirTools() throws Exception {
    JsonNode listed = server.json("/mcp-servers");
    assertThat(listed.path("total").asInt()).isEqualTo(2);
    assertThat(listed.at("/mcp_servers/0/tools_count").asInt()).isEqualTo(3);
    JsonNode status = server.json("/mcp-servers/status");
    assertThat(status.path("overall_status").asString()).isEqualTo("degraded");
    assertThat(status.at("/servers/0/response_time_ms").isIntegralNumber()).isTrue();
    assertThat(status.at("/servers/1/error").asString()).contains("no-such-program-here");
    JsonNode tools = server.json("/mcp-servers/tools?server=calc&capability=add");
    assertThat(tools.path("total").asInt()).isEqualTo(1);
    assertThat(tools.at("/tools/0/tool_id").asString()).isEqualTo("calc-add");
    assertThat(server.get("/mcp-servers/tools?server=nope").statusCode()).isEqualTo(404);
    HttpResponse<String> settings = server.get("/mcp-servers/settings");
    assertThat(settings.body()).contains("calc", "mcp_settings.json").doesNotContain("s3cret");
  }

  @Test
  void callsATool_andSaysWhyOneFails() throws Exception {
    JsonNode done =
        Json.read(
            server.post(EXECUTE, "{\"tool_id\":\"calc-add\",\"input\":{\"a\":2,\"b\":3}}").body());
    assertThat(done.at("/output/sum").asInt()).isEqualTo(5);
    assertError(422, "ERR_VALIDATION_001", "{\"tool_id\":\"calc-add\",\"input\":{\"a\":\"x\"}}");
    assertError(404, "ERR_NOT_FOUND_001", "{\"tool_id\":\"calc-nothing\"}");
    assertError(500, "ERR_MCP_002", "{\"tool_id\":\"calc-fail\"}");
    assertError(503, "ERR_MCP_001", "{\"tool_id\":\"gone-any\"}");
    assertError(500, "ERR_MCP_002", "{\"tool_id\":\"calc-slow-one\",\"config\":{\"timeout\":0.3}}");
  }

  private void assertError(int status, String code, String body) throws Exception {
    HttpResponse<String> answer = server.post(EXECUTE, body);
    assertThat(answer.body()).contains(code);
    assertThat(answer.statusCode()).isEqualTo(status);
  }

  @Test
  void makesAndDeletesDirectories() throws Exception {
    String make = "{\"action\":\"create\",\"directory_name\":\"Custom\"}";
    assertThat(server.post("/workspace/directories", make).statusCode()).isEqualTo(201);
    Files.writeString(server.workspace.resolve("Custom/a.txt"), "hello");
    JsonNode listed = server.json("/workspace/directories");
    assertThat(listed.findValuesAsString("name")).contains("Custom");
    assertThat(server.post("/workspace/directories", make).statusCode()).isEqualTo(409);
    String delete = make.replace("create", "delete");
    assertThat(server.post("/workspace/directories", delete).statusCode()).isEqualTo(409);
    Files.delete(server.workspace.resolve("Custom/a.txt"));
    assertThat(server.post("/workspace/directories", delete).statusCode()).isEqualTo(200);
    for (String name : List.of("..", "a/b", ".", "a\\\\b", "\\u0000")) {
      String bad = "{\"action\":\"create\",\"directory_name\":\"%s\"}".formatted(name);
      assertThat(server.post("/workspace/directories", bad).statusCode()).as(name).isEqualTo(422);
    }
    String outside = make.replace("}", ",\"parent_path\":\"/etc\"}");
    assertThat(server.post("/workspace/directories", outside).statusCode()).isEqualTo(403);
  }

  @Test
  void makesNoDirectoryWhereAFileIs() throws Exception {
    Path file = Files.writeString(server.workspace.resolve("taken"), "hello");
    HttpResponse<String> refused =
        server.post(
            "/workspace/directories", "{\"action\":\"create\",\"directory_name\":\"taken\"}");
    assertThat(refused.statusCode()).isEqualTo(409);
    JsonNode error = Json.read(refused.body()).path("error");
    assertThat(error.path("code").asString()).isEqualTo("ERR_CONFLICT_001");
    assertThat(error.path("type").asString()).isEqualTo("ResourceError");
    assertThat(error.path("message").asString()).contains("taken exists already", "no directory");
    assertThat(error.at("/details/field").asString()).isEqualTo("directory_name");
    assertThat(file).hasContent("hello");
  }

  @Test
  void listsFilesByDirectoryAndExtension() throws Exception {
    Path reports = Files.createDirectories(server.workspace.resolve("reports/deep"));
    Files.writeString(reports.resolve("one.md"), "# one");
    Files.writeString(reports.resolve("two.CSV"), "a,b");
    JsonNode all = server.json(FILES + "?directory=reports");
    assertThat(all.path("total").asInt()).isEqualTo(2);
    JsonNode some = server.json(FILES + "?directory=reports&extension=.csv");
    assertThat(some.at("/files/0/name").asString()).isEqualTo("two.CSV");
    assertThat(some.at("/files/0/mime_type").asString()).isEqualTo("text/csv");
    JsonNode first = server.json(FILES + "?directory=reports&limit=1");
    assertThat(first.path("files").size()).isEqualTo(1);
    assertThat(first.path("total").asInt()).isEqualTo(2);
    assertThat(server.get(FILES + "?directory=nope").statusCode()).isEqualTo(404);
    assertThat(server.get(FILES.replace("default", "other")).statusCode()).isEqualTo(404);
    assertThat(server.json("/service/workspaces").at("/workspaces/0/size_mb").isNumber()).isTrue();
    assertThat(server.json("/service/workspaces/default/checkpoints").path("total").asInt())
        .isZero();
  }

  @Test
  void givesAFile_aRangeOfIt_andActiveTypesAsAttachments() throws Exception {
    Files.writeString(server.workspace.resolve("text.txt"), "0123456789");
    Files.writeString(server.workspace.resolve("page.html"), "<script>alert(1)</script>");
    HttpResponse<String> whole = content("text.txt", "");
    assertThat(whole.body()).isEqualTo("0123456789");
    assertThat(whole.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    HttpResponse<String> part = content("text.txt", "bytes=2-4");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("234");
    assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 2-4/10");
    assertThat(content("text.txt", "bytes=-3").body()).isEqualTo("789");
    assertThat(content("text.txt", "bytes=8-").body()).isEqualTo("89");
    assertThat(content("text.txt", "bytes=10-").statusCode()).isEqualTo(416);
    HttpResponse<String> page = content("page.html", "");
    assertThat(page.headers().firstValue("Content-Disposition").orElse(""))
        .startsWith("attachment");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void namesTheTypeOfContentAsTheListDoes_alsoToHead() throws Exception {
    Files.writeString(server.workspace.resolve("paper.pdf"), "%PDF-1.4");
    Files.writeString(server.workspace.resolve("raw.bin"), "0123456789");
    assertThat(type(content("paper.pdf", ""))).isEqualTo("application/pdf");
    assertThat(type(content("raw.bin", "bytes=1-2"))).isEqualTo("application/octet-stream");
    assertThat(type(content("raw.bin", "bytes=20-"))).startsWith("application/json");
    HttpResponse<String> head =
        server.send(
            server
                .request(FILES + "/content?file_path=raw.bin")
                .header("Range", "bytes=1-2")
                .HEAD());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(type(head)).isEqualTo("application/octet-stream");
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(10);
    assertThat(head.headers().firstValue("Accept-Ranges")).hasValue("bytes");
  }

  private static String type(HttpResponse<?> answer) {
    return answer.headers().firstValue("Content-Type").orElse("");
  }

  @Test
  void takesEveryRange_andNoneThatIsNone() throws Exception {
    String name = "ranges.txt";
    Files.writeString(server.workspace.resolve(name), "0123456789");
    String vast = "9".repeat(30);
    for (String all : List.of("bytes=0-" + vast, "bytes=-" + vast, "BYTES=0-9")) {
      HttpResponse<String> whole = content(name, all);
      assertThat(whole.statusCode()).as(all).isEqualTo(206);
      assertThat(whole.body()).as(all).isEqualTo("0123456789");
      assertThat(whole.headers().firstValue("Content-Range")).hasValue("bytes 0-9/10");
    }
    assertThat(content(name, "bytes=7-" + vast).body()).isEqualTo("789");
    for (String none :
        List.of("bytes=5-2", "bytes=-", "bytes=a-b", "lines=0-1", "bytes 0-1", "x")) {
      HttpResponse<String> whole = content(name, none);
      assertThat(whole.statusCode()).as(none).isEqualTo(200);
      assertThat(whole.body()).as(none).isEqualTo("0123456789");
    }
    for (String past : List.of("bytes=10-", "bytes=-0", "bytes=" + vast + "-")) {
      HttpResponse<String> refused = content(name, past);
      assertThat(refused.statusCode()).as(past).isEqualTo(416);
      assertThat(refused.headers().firstValue("Content-Range")).hasValue("bytes */10");
    }
  }

  @Test
  void letsNoPathOutOfTheWorkspace() throws Exception {
    Files.writeString(folder.resolve("secret.txt"), "secret");
    Files.createSymbolicLink(server.workspace.resolve("link.txt"), folder.resolve("secret.txt"));
    Files.createSymbolicLink(server.workspace.resolve("up"), folder);
    for (String path :
        List.of(
            "../secret.txt",
            "a/../../secret.txt",
            "/etc/passwd",
            "link.txt",
            "up/secret.txt",
            folder.resolve("secret.txt").toString())) {
      HttpResponse<String> answer = content(path, "");
      assertThat(answer.statusCode()).as(path).isEqualTo(403);
      assertThat(answer.body()).doesNotContain("\"secret\"");
    }
    assertThat(content("%2e%2e/secret.txt", "").statusCode()).isEqualTo(404);
    assertThat(content("a\0b", "").statusCode()).isEqualTo(400);
    assertThat(server.get(FILES + "?directory=up").statusCode()).isEqualTo(403);
    JsonNode files = server.json(FILES + "?limit=1000").path("files");
    assertThat(StreamSupport.stream(files.spliterator(), false))
        .noneMatch(file -> file.path("path").asString().contains("secret"));
  }

  private HttpResponse<String> content(String path, String range) throws Exception {
    String encoded = URLEncoder.encode(path, StandardCharsets.UTF_8);
    var request = server.request(FILES + "/content?file_path=" + encoded);
    return server.send(range.isEmpty() ? request : request.header("Range", range));
  }

  @Test
  void removesOldFilesOnly() throws Exception {
    Path root = Files.createDirectories(folder.resolve("old-" + store));
    Path old = Files.writeString(root.resolve("old.txt"), "x");
    Path fresh = Files.writeString(root.resolve("fresh.txt"), "x");
    Path home = Files.createDirectory(root.resolve(".windlass"));
    Path settings = Files.writeString(home.resolve("prices.yaml"), "x");
    Path kept =
        Files.writeString(
            Files.createDirectory(root.resolve(WorkspaceFolder.LONGTERM)).resolve("old.txt"), "x");
    FileTime before = FileTime.from(Instant.now().minus(Duration.ofDays(31)));
    Files.setLastModifiedTime(old, before);
    Files.setLastModifiedTime(kept, before);
    Files.setLastModifiedTime(settings, before);
    var workspace = new WorkspaceFolder(root, new ClosedHome(home, root));
    try (var cleanup = new Cleanup(workspace, Duration.ofDays(30), InstantSource.system())) {
      assertThat(cleanup.run()).isEqualTo(1);
    }
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(kept).exists();
    assertThat(settings).exists();
  }

  @Test
  void refusesWhoAsksTooOften() throws Exception {
    Path home = Files.createDirectories(folder.resolve("limited-" + store));
    var limits = new ComputeConfig.Limits(3, 50, 1);
    try (var limited = new ComputeServer(home, store, limits, Set.of())) {
      HttpResponse<String> first = limited.post(EXECUTE, "{\"tool_id\":\"a-b\"}");
      assertThat(first.statusCode()).isEqualTo(404);
      assertThat(limited.post(EXECUTE, "{\"tool_id\":\"a-b\"}").body()).contains("ERR_RATE_001");
      HttpResponse<String> third = limited.get("/service/workspace-config");
      assertThat(third.headers().firstValue("X-RateLimit-Limit")).hasValue("3");
      assertThat(third.headers().firstValue("X-RateLimit-Remaining")).hasValue("0");
      HttpResponse<String> fourth = limited.get("/service/workspace-config");
      assertThat(fourth.statusCode()).isEqualTo(429);
      assertThat(fourth.body()).contains("RateLimitError", "ERR_RATE_001");
      long reset = fourth.headers().firstValueAsLong("X-RateLimit-Reset").orElseThrow();
      long now = Instant.now().getEpochSecond();
      assertThat(reset).isBetween(now, now + 3_605);
      assertThat(fourth.headers().firstValue("Retry-After")).isPresent();
      assertThat(limited.get("/health").statusCode()).isEqualTo(200);
      assertThat(preflight(limited.url("/mcp-servers"))).as("a browser may ask").isNotEqualTo(429);
    }
  }

  /** Not held against the document, which does not tell of preflights. */
  private static int preflight(String url) throws Exception {
    try (HttpClient browser = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(url)).method("OPTIONS", BodyPublishers.noBody());
      return browser.send(request.build(), BodyHandlers.discarding()).statusCode();
    }
  }

  @Test
  void asksForAToken_onRoutesAndSockets() throws Exception {
    Path home = Files.createDirectories(folder.resolve("guarded-" + store));
    var limits = new ComputeConfig.Limits(0, 0, 0);
    try (var guarded = new ComputeServer(home, store, limits, Set.of("t0ken"))) {
      assertThat(guarded.get("/mcp-servers").body()).contains("ERR_AUTH_001");
      String poll = guarded.url("/socket.io/?EIO=4&transport=polling");
      assertThat(Polls.status(poll, null)).isEqualTo(401);
      assertThat(Polls.status(poll, "Bearer t0ken")).isEqualTo(200);
    }
  }
}
