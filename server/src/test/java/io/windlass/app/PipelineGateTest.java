package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** A gate of a chain that a pipeline runs, decided on every way that there is. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class PipelineGateTest {
  private static final String CHAIN =
      """
      name: Gated
      steps:
        - {id: ask, type: gate, prompt: Go on?, output_var: answer}
        - {id: after, type: transform, operation: template, template_str: went on, prompt: x, output_var: text, depends_on: [ask]}
      output: text
      """;
  private static final String PIPELINE =
      """
      name: Line
      chains:
        - {id: first, chain: gated}
      output: first
      """;
  private final HttpClient client = HttpClient.newHttpClient();
  @Parameter private TestStore store;
  private Server server;
  private String chains;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path folder) throws Exception {
    store = database;
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    String url = store.newUrl();
    if (url != null) {
      environment.put("WINDLASS_DATABASE_URL", url);
    }
    server = Server.open(Config.read(environment, folder), environment);
    chains = Objects.requireNonNull(server.chainsUrl());
    assertThat(post(chains + "/chains/gated", "text/yaml", CHAIN).statusCode()).isEqualTo(200);
    assertThat(post(chains + "/pipelines/line", "text/yaml", PIPELINE).statusCode()).isEqualTo(200);
  }

  @AfterParameterizedClassInvocation
  void close() {
    server.close();
  }

  @Test
  void goesOnWhenItIsApprovedUnderThePipelinesId() throws Exception {
    String id = atTheGate();
    HttpResponse<String> answer =
        decide(chains + "/executions/" + id + "/approve/first/ask", "{\"approved\":true}");
    assertThat(answer.body()).isEqualTo("{\"ok\":true}");
    assertThat(ended(id).path("result").asString()).isEqualTo("went on");
  }

  @Test
  void goesOnWhenItIsApprovedAsTheListNamesIt() throws Exception {
    String id = atTheGate();
    JsonNode open = json(chains + "/approvals").path(0);
    String path = "/executions/" + open.path("executionId").asString() + "/approve/";
    HttpResponse<String> answer =
        decide(chains + path + open.path("stepId").asString(), "{\"approved\":true}");
    assertThat(answer.body()).isEqualTo("{\"ok\":true}");
    assertThat(ended(id).path("result").asString()).isEqualTo("went on");
  }

  @Test
  void goesOnWhenItIsApprovedInTheInbox() throws Exception {
    String id = atTheGate();
    String inbox = server.mainUrl() + "/v1/approvals";
    JsonNode open = json(inbox).path("items").path(0);
    HttpResponse<String> answer =
        decide(inbox + "/" + open.path("id").asString() + "/decide", "{\"approved\":true}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(ended(id).path("result").asString()).isEqualTo("went on");
    String late = chains + "/executions/" + id + "/approve/first/ask";
    assertThat(decide(late, "{\"approved\":true}").statusCode()).isEqualTo(404);
  }

  @Test
  void failsWhenItIsRejectedUnderThePipelinesId() throws Exception {
    String id = atTheGate();
    String path = "/executions/" + id + "/approve/first/ask";
    assertThat(decide(chains + path, "{\"approved\":false}").statusCode()).isEqualTo(200);
    JsonNode ended = ended(id);
    assertThat(ended.path("status").asString()).isEqualTo("error");
    assertThat(ended.at("/chains/first/status").asString()).isEqualTo("error");
  }

  @Test
  void leavesNoQuestionOpenWhenThePipelineIsCancelled() throws Exception {
    String id = atTheGate();
    HttpRequest cancel =
        HttpRequest.newBuilder(URI.create(chains + "/executions/" + id)).DELETE().build();
    assertThat(client.send(cancel, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    assertThat(ended(id).path("error").asString()).isEqualTo("Cancelled by user");
    assertThat(json(chains + "/approvals")).isEmpty();
  }

  @Test
  void tellsThePipelineThatItsChainWasCancelledByTheUser() throws Exception {
    String id = atTheGate();
    String child = json(chains + "/approvals").path(0).path("executionId").asString();
    HttpRequest cancel =
        HttpRequest.newBuilder(URI.create(chains + "/executions/" + child)).DELETE().build();
    assertThat(client.send(cancel, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    JsonNode ended = ended(id);
    assertThat(ended.path("error").asString()).contains("Cancelled by user");
    assertThat(ended.at("/chains/first/error").asString()).endsWith("failed: Cancelled by user");
  }

  @Test
  void givesASkippedReferenceAnEmptyResult() throws Exception {
    String pipeline =
        """
        name: Skipping
        chains:
          - {id: first, chain: gated, condition: 'a == "b"'}
        output: first
        """;
    assertThat(post(chains + "/pipelines/skipping", "text/yaml", pipeline).statusCode())
        .isEqualTo(200);
    String id = started("skipping");
    JsonNode reference = ended(id).at("/chains/first");
    assertThat(reference.path("status").asString()).isEqualTo("skipped");
    assertThat(reference.path("result").isString()).as(reference.toString()).isTrue();
    assertThat(reference.path("result").asString()).isEmpty();
  }

  private String started(String pipeline) throws Exception {
    String url = chains + "/pipelines/" + pipeline + "/execute";
    return Json.read(post(url, "application/json", "{}").body()).path("executionId").asString();
  }

  /** Starts the pipeline and gives its id once somebody is asked. */
  private String atTheGate() throws Exception {
    String id = started("line");
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (json(server.mainUrl() + "/v1/approvals?within=" + id).path("items").isEmpty()) {
      assertThat(System.nanoTime()).as("somebody is asked in time").isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return id;
  }

  /** Reads the stream to its end, then tells the pipeline's record. */
  private JsonNode ended(String id) throws Exception {
    get(chains + "/executions/" + id + "/stream");
    return json(chains + "/pipeline-executions/" + id);
  }

  private HttpResponse<String> decide(String url, String json) throws Exception {
    return post(url, "application/json", json);
  }

  private JsonNode json(String url) throws Exception {
    return Json.read(get(url).body());
  }

  private HttpResponse<String> get(String url) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(20)).build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String url, String type, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .timeout(Duration.ofSeconds(20))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
