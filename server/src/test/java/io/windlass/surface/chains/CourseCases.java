package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Cancelling, resuming and deciding. */
abstract class CourseCases extends ChainsCase {
  CourseCases(ChainsServer server) {
    super(server);
  }

  @Test
  void cancelsOnceAndMarksWhatHadNotFinished() throws Exception {
    server.save("/chains/held", GREET.replace("say Hello {input.who}", "hold never x"));
    String id = server.start("held", "{\"who\":\"x\"}");
    Set<Integer> answers = new TreeSet<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> one =
          clients.submit(() -> server.method("DELETE", "/executions/" + id));
      Future<HttpResponse<String>> two =
          clients.submit(() -> server.method("DELETE", "/executions/" + id));
      answers.add(one.get().statusCode());
      answers.add(two.get().statusCode());
    }
    assertThat(answers).contains(200).isSubsetOf(200, 404);
    assertThat(server.method("DELETE", "/executions/" + id).statusCode()).isEqualTo(404);
    JsonNode ended = server.json("/executions/" + id);
    assertThat(ended.path("status").asString()).isEqualTo("error");
    assertThat(ended.path("error").asString()).isEqualTo("Cancelled by user");
    assertThat(ended.at("/steps/greet/status").asString()).isEqualTo("skipped");
    assertThat(server.frames(id, 0).getLast().json().path("error").asString())
        .isEqualTo("Cancelled by user");
    assertThat(error(server.method("DELETE", "/executions/none")))
        .isEqualTo("Execution not found or already finished");
  }

  @Test
  void resumesAFailedRunAndAnswersItsResult() throws Exception {
    server.save("/chains/flaky", GREET.replace("say Hello {input.who}", "fail-once {input.who}"));
    String id = server.start("flaky", "{\"who\":\"r1\"}");
    JsonNode failed = server.ended(id);
    assertThat(failed.path("status").asString()).isEqualTo("error");
    assertThat(failed.at("/steps/greet/error").asString()).contains("not yet");
    JsonNode resumed = Json.read(server.method("POST", "/executions/" + id + "/resume").body());
    assertThat(resumed.path("executionId").asString()).isEqualTo(id);
    assertThat(resumed.path("result").asString()).isEqualTo("at last");
    List<ChainsServer.Frame> told = server.frames(id, 0);
    assertThat(told.stream().map(ChainsServer.Frame::type))
        .as("the former end is history")
        .doesNotContain("execution_error")
        .containsSubsequence(
            "execution_started", "step_error", "execution_started", "step_done", "execution_done");
    assertThat(server.method("POST", "/executions/" + id + "/resume").statusCode()).isEqualTo(500);
    assertThat(server.method("POST", "/executions/none/resume").statusCode()).isEqualTo(404);
  }

  @Test
  void tellsOfEachStepThatAResumeTakesFromACheckpoint() throws Exception {
    server.save(
        "/chains/half",
        """
        name: Half
        steps:
          - {id: one, prompt: say one, output_var: a}
          - {id: two, prompt: 'fail-once {input.who}', output_var: b, depends_on: [one]}
        output: b
        """);
    String id = server.start("half", "{\"who\":\"half1\"}");
    server.ended(id);
    assertThat(checkpoints(id)).isEmpty();
    server.method("POST", "/executions/" + id + "/resume");
    assertThat(checkpoints(id)).containsExactly("one");
    List<String> briefs = server.frames(id, 0).stream().map(ChainsServer.Frame::brief).toList();
    assertThat(briefs.subList(briefs.lastIndexOf("execution_started"), briefs.size()))
        .startsWith("execution_started", "step_log one", "step_started two");
  }

  private List<String> checkpoints(String id) throws Exception {
    return server.frames(id, 0).stream()
        .filter(frame -> frame.type().equals("step_log"))
        .filter(frame -> frame.json().path("message").asString().contains("checkpoint"))
        .map(frame -> frame.json().path("stepId").asString())
        .toList();
  }

  @Test
  void letsAPersonDecideOnce() throws Exception {
    String id = server.start("gated", "{}");
    awaitApproval(id);
    assertThat(server.json("/approvals"))
        .anySatisfy(open -> {
          assertThat(open.path("executionId").asString()).isEqualTo(id);
          assertThat(open.path("stepId").asString()).isEqualTo("ask");
          assertThat(open.path("prompt").asString()).isEqualTo("Go on?");
        });
    assertThat(server.json("/executions/" + id).path("status").asString()).isEqualTo("running");
    String path = "/executions/" + id + "/approve/ask";
    assertThat(server.post(path, "{}").statusCode()).isEqualTo(400);
    assertThat(server.post(path, "{\"approved\":\"yes\"}").statusCode()).isEqualTo(400);
    assertThat(server.method("POST", "/executions/" + id + "/resume").statusCode()).isEqualTo(500);
    assertThat(server.post(path, "{\"approved\":true}").body()).isEqualTo("{\"ok\":true}");
    assertThat(error(server.post(path, "{\"approved\":true}")))
        .isEqualTo("No pending approval found");
    assertThat(server.method("POST", "/executions/" + id + "/resume").body())
        .as("an extra resume does no harm")
        .contains("went on");
    assertThat(server.post(path, "{\"approved\":false}").statusCode()).isEqualTo(404);
  }

  @Test
  void failsARunWhoseGateIsRejected() throws Exception {
    String id = server.start("gated", "{}");
    awaitApproval(id);
    server.post("/executions/" + id + "/approve/ask", "{\"approved\":false,\"reason\":\"no\"}");
    JsonNode ended = server.ended(id);
    assertThat(ended.path("status").asString()).isEqualTo("error");
    assertThat(ended.at("/steps/after/status").asString()).isEqualTo("skipped");
    assertThat(server.frames(id, 0))
        .anySatisfy(frame -> {
          assertThat(frame.type()).isEqualTo("gate_action");
          assertThat(frame.json().path("action").asString()).isEqualTo("rejected");
          assertThat(frame.json().path("reason").asString()).isEqualTo("no");
        });
  }

  /** Reads the stream until the gate is told. */
  private void awaitApproval(String id) throws Exception {
    try (var lines =
        new java.io.BufferedReader(
            new java.io.InputStreamReader(
                server.open(server.request("/executions/" + id + "/stream")),
                java.nio.charset.StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.contains("step_waiting_approval")) {
          return;
        }
      }
    }
    throw new AssertionError("the stream ended before the gate");
  }
}
