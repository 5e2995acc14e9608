package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The step types that ask a model, over the chains surface of the whole server, and in dry runs.
 */
final class StepTypesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String SCRIPT =
      """
      answers:
        - {step: pick, text: " Right. "}
        - {step: right, text: went right}
        - {step: draft, contains: too short, text: a long text}
        - {step: draft, text: short}
        - {step: judge, contains: a long text, text: "9, good"}
        - {step: judge, text: "3, too short"}
        - {step: strict, times: 1, text: "FAIL, no"}
        - {step: strict, text: "PASS, on second thoughts"}
        - {step: each, contains: do a, text: A}
        - {step: each, contains: do b, text: B}
        - {step: talk, contains: debated, text: agreed}
        - {step: talk, text: my view}
        - {step: sum, text: all in one}
      """;
  private static final String ROUTER =
      """
      name: router
      steps:
        - {id: pick, type: router, prompt: "left or right?", output_var: way, routes: {left: [left], right: [right]}}
        - {id: left, depends_on: [pick], prompt: go left, output_var: l}
        - {id: right, depends_on: [pick], prompt: go right, output_var: r}
        - {id: end, type: merge, depends_on: [left, right], inputs: [way, l, r], prompt: x, output_var: out}
      output: out
      """;
  private static final String EVALUATOR =
      """
      name: evaluator
      steps:
        - {id: draft, prompt: write, output_var: out}
        - {id: judge, type: evaluator, depends_on: [draft], prompt: x, input_var: out, criteria: length,
           eval_scoring: true, eval_threshold: 7, on_fail: retry, retry_target: draft, output_var: v}
      output: out
      """;
  private static final String STRICT =
      """
      name: strict
      steps:
        - {id: draft, prompt: write, output_var: out}
        - {id: again, depends_on: [draft], condition: '{v} == "PASS"', type: transform, operation: template, template_str: "{v}", prompt: x, output_var: a}
        - {id: strict, type: evaluator, depends_on: [again], prompt: x, input_var: out, criteria: length, on_fail: error, output_var: v}
      output: v
      """;
  private static final String LOOP =
      """
      name: loop
      inputs: [{name: list}]
      steps:
        - {id: each, type: loop, items_var: list, prompt: "do {item}", output_var: out}
      output: out
      """;
  private static final String DEBATE =
      """
      name: debate
      steps:
        - {id: talk, type: debate, prompt: why, debate_agents: [{prompt: be bold}, {prompt: be shy}], output_var: out}
      output: out
      """;
  private static final String MERGE =
      """
      name: merge
      inputs: [{name: list}]
      steps:
        - {id: sum, type: merge, strategy: llm_summarize, inputs: [list], prompt: x, output_var: out}
      output: out
      """;
  @TempDir Path folder;
  private Server server;

  @BeforeEach
  void open() throws Exception {
    Path script = Files.writeString(folder.resolve("script.yaml"), SCRIPT);
    Map<String, String> environment =
        Map.of(
            "WINDLASS_HOME",
            folder.resolve("home").toString(),
            "WINDLASS_PORT",
            "0",
            "WINDLASS_COMPUTE_PORT",
            "off",
            "WINDLASS_CHAINS_PORT",
            "0",
            "WINDLASS_MODEL_SCRIPT",
            script.toString());
    server = Server.open(Config.read(environment, folder), environment);
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void runsOneRouteAndSkipsTheOther() throws Exception {
    List<JsonNode> told = run("router", ROUTER);
    assertThat(result(told)).isEqualTo("right\n\n---\n\nwent right");
    assertThat(briefs(told)).contains("step_done right").doesNotContain("step_started left");
    assertThat(record(told).path("steps").path("left").path("status").asString())
        .isEqualTo("skipped");
  }

  @Test
  void startsTheTargetOfAnEvaluatorAgain() throws Exception {
    List<JsonNode> told = run("evaluator", EVALUATOR);
    assertThat(result(told)).isEqualTo("a long text");
    assertThat(briefs(told).stream().filter(brief -> brief.equals("step_started draft")))
        .hasSize(2);
    assertThat(briefs(told).stream().filter(brief -> brief.equals("step_done draft"))).hasSize(2);
    assertThat(briefs(told).stream().filter(brief -> brief.equals("step_done judge"))).hasSize(1);
    assertThat(record(told).path("steps").path("draft").path("output").asString())
        .isEqualTo("a long text");
  }

  @Test
  void judgesAnewAtAResume_whatDidNotPass() throws Exception {
    List<JsonNode> told = run("strict", STRICT);
    assertThat(told.getLast().path("error").asString()).contains("did not pass: FAIL, no");
    String id = told.getFirst().path("executionId").asString();
    String resumed = server.chainsUrl() + "/executions/" + id + "/resume";
    assertThat(Json.read(post(resumed, "{}", "application/json")).path("result").asString())
        .isEqualTo("PASS");
    JsonNode steps = record(told).path("steps");
    assertThat(steps.path("strict").path("status").asString()).isEqualTo("done");
    assertThat(steps.path("again").path("status").asString()).isEqualTo("skipped");
    assertThat(get(server.chainsUrl() + "/executions/" + id + "/stream").split("condition not met"))
        .hasSize(3);
  }

  @Test
  void numbersTheOutputOfALoopAndADebate() throws Exception {
    List<JsonNode> looped = run("loop", LOOP);
    assertThat(result(looped)).isEqualTo("[\"A\",\"B\"]");
    assertThat(pieces(looped)).contains("[1] A").contains("[2] B");
    List<JsonNode> debated = run("debate", DEBATE);
    assertThat(result(debated)).isEqualTo("agreed");
    assertThat(pieces(debated)).contains("[Agent1] my view").contains("[Agent2] my view");
    assertThat(result(run("merge", MERGE))).isEqualTo("all in one");
  }

  @Test
  void takesPlausibleAnswersInADryRunWithoutAScript() throws Exception {
    server.close();
    Map<String, String> environment =
        Map.of(
            "WINDLASS_HOME",
            folder.resolve("home").toString(),
            "WINDLASS_PORT",
            "0",
            "WINDLASS_COMPUTE_PORT",
            "off",
            "WINDLASS_CHAINS_PORT",
            "0");
    server = Server.open(Config.read(environment, folder), environment);
    JsonNode routed = plan("router", ROUTER);
    assertThat(routed.path("result").asString()).startsWith("left\n\n---\n\n[dry run");
    assertThat(plan("evaluator", EVALUATOR).path("status").asString()).isEqualTo("succeeded");
    JsonNode looped = plan("loop", LOOP);
    assertThat(Json.read(looped.path("result").asString()).size()).isEqualTo(2);
    assertThat(looped.path("steps").path(0).path("prompt").asString()).matches("do [ab]");
    assertThat(plan("debate", DEBATE).path("calls").toString()).contains("\"asked\":\"sonnet\"");
  }

  private JsonNode plan(String name, String yaml) throws Exception {
    save(name, yaml);
    return Json.read(
        post(
            server.mainUrl() + "/v1/definitions/chain/" + name + "/plan",
            "{\"input\":{\"list\":\"a\\nb\"}}",
            "application/json"));
  }

  private List<JsonNode> run(String name, String yaml) throws Exception {
    save(name, yaml);
    String id =
        Json.read(
                post(
                    server.chainsUrl() + "/execute/" + name,
                    "{\"input\":{\"list\":\"a\\nb\"}}",
                    "application/json"))
            .path("executionId")
            .asString();
    return Stream.of(get(server.chainsUrl() + "/executions/" + id + "/stream").split("\n"))
        .filter(line -> line.startsWith("data: "))
        .map(line -> Json.read(line.substring(6)))
        .toList();
  }

  private JsonNode record(List<JsonNode> told) throws Exception {
    String id = told.getFirst().path("executionId").asString();
    return Json.read(get(server.chainsUrl() + "/executions/" + id));
  }

  private void save(String name, String yaml) throws Exception {
    post(server.chainsUrl() + "/chains/" + name, yaml, "text/yaml");
  }

  private static String result(List<JsonNode> told) {
    return told.getLast().path("result").asString(told.getLast().toString());
  }

  private static List<String> briefs(List<JsonNode> told) {
    return told.stream()
        .map(frame -> frame.path("type").asString() + " " + frame.path("stepId").asString(""))
        .toList();
  }

  /** What the steps told as they went; who looks later sees what came of it. */
  private String pieces(List<JsonNode> told) throws Exception {
    String id = told.getFirst().path("executionId").asString();
    StringBuilder text = new StringBuilder();
    for (JsonNode event :
        Json.read(get(server.mainUrl() + "/v1/executions/" + id + "/events?limit=1000"))
            .path("items")) {
      text.append(event.path("text").asString(""));
    }
    return text.toString();
  }

  private static String post(String url, String body, String type) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body))
            .build();
    return CLIENT.send(request, BodyHandlers.ofString()).body();
  }

  private static String get(String url) throws Exception {
    return CLIENT
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
        .body();
  }
}
