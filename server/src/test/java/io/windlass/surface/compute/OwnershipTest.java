package io.windlass.surface.compute;

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
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What belongs to one user is not there for another, on routes and on sockets. */
@Timeout(60)
final class OwnershipTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(TestStore.class)
  void anothersExecutionsAreNotThere(TestStore store) throws Exception {
    try (var server = new WorkflowServer(folder, store)) {
      assertThat(
              server
                  .post(
                      "/workflows",
                      "{\"name\": \"w\", \"strategy_definition\": {\"steps\": [{\"name\": \"s\", \"prompt\": \"[hold k] [say] x\"}]}}")
                  .statusCode())
          .isEqualTo(201);
      String id =
          Json.read(as(server, "ann", "POST", "/workflows/w/execute").body())
              .path("execution_id")
              .asString();
      server.player.awaitBegun("k");
      String step =
          Json.read(as(server, "ann", "GET", "/executions/" + id + "/steps").body())
              .at("/step_executions/0/step_execution_id")
              .asString();
      for (String path : List.of("", "/info", "/node-executions", "/events", "/steps", "/stream")) {
        assertThat(as(server, "bob", "GET", "/executions/" + id + path).statusCode())
            .as(path)
            .isEqualTo(404);
      }
      assertThat(as(server, "bob", "GET", "/step-executions/" + step).statusCode()).isEqualTo(404);
      assertThat(as(server, "bob", "POST", "/step-executions/" + step + "/cancel").statusCode())
          .isEqualTo(404);
      assertThat(as(server, "bob", "POST", "/executions/" + id + "/cancel").statusCode())
          .isEqualTo(404);
      assertThat(as(server, "bob", "GET", "/workflows/checkpoints?execution_id=" + id).statusCode())
          .isEqualTo(404);
      assertThat(as(server, "bob", "GET", "/step-executions?execution_id=" + id).statusCode())
          .isEqualTo(404);
      for (String list : List.of("/executions?status=all", "/step-executions")) {
        assertThat(total(server, "bob", list)).as(list).isZero();
        assertThat(total(server, "ann", list)).as(list).isEqualTo(1);
        assertThat(total(server, null, list)).as("the single user, " + list).isEqualTo(1);
      }
      assertThat(metrics(server, "bob").path("active").asInt()).isZero();
      assertThat(metrics(server, "ann").path("active").asInt()).isEqualTo(1);
      assertThat(workspaces(server, "bob")).isZero();
      assertThat(workspaces(server, "ann")).isEqualTo(1);

      assertThat(joined(server, "bob", id))
          .contains("\"error\"", "ERR_NOT_FOUND_001")
          .doesNotContain("step_started", "\"connected\"");
      assertThat(joined(server, "ann", id)).contains("\"connected\"", "running");
      server.player.release("k");
      server.awaitEnd(id);

      assertThat(total(server, "ann", "/workflows/checkpoints")).isEqualTo(1);
      assertThat(total(server, "bob", "/workflows/checkpoints")).isZero();
      String kept = "/service/workspaces/default/checkpoints";
      assertThat(total(server, "bob", kept)).isZero();
      JsonNode checkpoint = Json.read(as(server, "ann", "GET", kept).body()).at("/checkpoints/0");
      assertThat(checkpoint.path("execution_id").asString()).isEqualTo(id);
      assertThat(checkpoint.path("size_kb").asDouble()).isPositive();
      assertThat(
              Json.read(as(server, "bob", "GET", "/workflows/w").body())
                  .at("/statistics/total_executions")
                  .asInt(-1))
          .isZero();
    }
  }

  private static int total(WorkflowServer server, @Nullable String user, String path)
      throws Exception {
    HttpResponse<String> answer = as(server, user, "GET", path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body()).path("total").asInt(-1);
  }

  private static JsonNode metrics(WorkflowServer server, String user) throws Exception {
    return Json.read(as(server, user, "GET", "/service/metrics").body()).path("executions");
  }

  private static int workspaces(WorkflowServer server, String user) throws Exception {
    return Json.read(as(server, user, "GET", "/service/workspaces").body())
        .at("/workspaces/0/execution_count")
        .asInt(-1);
  }

  private static HttpResponse<String> as(
      WorkflowServer server, @Nullable String user, String method, String path) throws Exception {
    HttpRequest.Builder request = server.request(path);
    if (user != null) {
      request.header("X-User", user);
    }
    return server.send(
        request.method(
            method,
            method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}")));
  }

  /** Joins by polling, with a header that claims to be somebody else; gives what comes first. */
  private static String joined(WorkflowServer server, String user, String id) throws Exception {
    String address = server.url() + "/socket.io/?EIO=4&transport=polling";
    try (HttpClient client = HttpClient.newHttpClient()) {
      String opened = poll(client, address, user, null);
      String sid = Json.read(opened.substring(opened.indexOf('{'))).path("sid").asString();
      String session = address + "&sid=" + sid;
      var _ = poll(client, session, user, "40/executions,");
      StringBuilder seen = new StringBuilder();
      while (seen.indexOf("40/executions,") < 0) {
        seen.append(poll(client, session, user, null));
      }
      String join = "42/executions,[\"join_execution\",{\"execution_id\":\"%s\"}]".formatted(id);
      var _ = poll(client, session, user, join);
      while (seen.indexOf("42/executions,") < 0) {
        seen.append(poll(client, session, user, null));
      }
      var _ = poll(client, session, user, "1");
      return seen.toString();
    }
  }

  private static String poll(HttpClient client, String address, String user, @Nullable String body)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(Duration.ofSeconds(20))
            .header("X-User", user)
            .header("Windlass-Caller", "local");
    if (body != null) {
      request
          .header("Content-Type", "text/plain;charset=UTF-8")
          .POST(BodyPublishers.ofString(body));
    }
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }
}
