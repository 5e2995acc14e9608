package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of chains and names that are at fault, on the whole server, over HTTP. */
final class ChainDocumentsTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path folder;
  private Server server;

  @BeforeEach
  void open() throws Exception {
    Path script = Files.writeString(folder.resolve("script.yaml"), "answers: [{text: an answer}]");
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.put("WINDLASS_MODEL_SCRIPT", script.toString());
    server = Server.open(Config.read(environment, folder), environment);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void saysOfANameThatNoneCanHaveThatItIsInvalid() throws Exception {
    for (String path : new String[] {"/chains/-a", "/chains/a..b", "/pipelines/-a"}) {
      for (String method : new String[] {"GET", "DELETE"}) {
        HttpResponse<String> answer = send(method, path, "application/json", "");
        assertThat(answer.statusCode()).as(method + path).isEqualTo(404);
        assertThat(answer.body()).as(method + path).contains("{\"error\":\"Invalid ");
      }
    }
    HttpResponse<String> run = post("/execute/-bad", "application/json", "{}");
    assertThat(run.statusCode()).isEqualTo(400);
    assertThat(run.body()).contains("Invalid chain name", "-bad", "must begin with a letter");
    assertThat(send("GET", "/chains/sound", "application/json", "").body()).contains("not found");
    HttpResponse<String> dots = post("/chains/a..b", "text/yaml", "name: x");
    assertThat(dots.statusCode()).isEqualTo(400);
    assertThat(dots.body()).contains("two dots");
  }

  @Test
  void saysOfALongNameHowLongItIs() throws Exception {
    HttpResponse<String> answer = post("/chains/" + "a".repeat(300), "text/yaml", "name: x");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("it has 300 characters, the most is 200")
        .doesNotContain("use letters");
  }

  @Test
  void refusesAKeyThatStandsTwiceInJson() throws Exception {
    HttpResponse<String> answer =
        post(
            "/chains/twice",
            "application/json",
            """
            {"name": "a", "steps": [{"id": "s", "prompt": "p", "output_var": "o"}], "output": "o",
             "name": "b"}
            """);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .contains("Invalid chain")
        .contains("yaml: line 2, column 2: the key")
        .contains("stands twice");
  }

  @Test
  void namesTheStepThatCannotBeBuilt() throws Exception {
    save("hook", "id: send, type: webhook, prompt: x, output_var: o");
    HttpResponse<String> answer = post("/execute/hook", "application/json", "{}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.read(answer.body()).path("error").asString())
        .isEqualTo("Step \"send\": webhook_url: a webhook step needs the address to call");
  }

  @Test
  void namesTheStepAndTheSubchainThatLacksAnInput() throws Exception {
    String inner =
        "name: Inner\ninputs: [{name: q}]\nsteps: [{id: i, prompt: '{q}', output_var: o}]\noutput: o\n";
    assertThat(post("/chains/inner", "text/yaml", inner).statusCode()).isEqualTo(200);
    save("outer", "id: call, type: subchain, subchain: inner, prompt: x, output_var: o");
    assertThat(run("outer"))
        .contains(
            "Step \\\"call\\\": the chain \\\"inner\\\" cannot begin: Missing required input q;");
  }

  @Test
  void saysOfARouterWithoutRoutesThatItHasNone() throws Exception {
    save("lost", "id: choose, type: router, prompt: x, output_var: o");
    assertThat(run("lost"))
        .contains("The router has no routes, so none is taken")
        .contains("execution_done");
  }

  private void save(String name, String step) throws Exception {
    String chain = "name: %s\nsteps:\n  - {%s}\noutput: o\n".formatted(name, step);
    HttpResponse<String> saved = post("/chains/" + name, "text/yaml", chain);
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(200);
  }

  /** The whole stream of a run. */
  private String run(String name) throws Exception {
    HttpResponse<String> started = post("/execute/" + name, "application/json", "{}");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(200);
    String id = Json.read(started.body()).path("executionId").asString();
    return send("GET", "/executions/" + id + "/stream", "application/json", "").body();
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send("POST", path, type, body);
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    return CLIENT.send(
        HttpRequest.newBuilder(URI.create(Objects.requireNonNull(server.chainsUrl()) + path))
            .header("Content-Type", type)
            .method(method, BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
