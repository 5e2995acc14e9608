package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose database file can grow no more, and later can. */
final class FullDiskTest {
  private static final String CHAIN =
      """
      name: Held
      inputs: [{name: marker}]
      steps:
        - id: held
          type: gather
          pre_tools:
            - type: bash
              inject_as: seen
              command: 'while [ ! -e {marker} ]; do sleep 0.05; done; head -c 60000 /dev/zero | tr "\\0" x'
          operation: template
          template_str: "{seen}"
          prompt: x
          output_var: a
        - {id: last, type: transform, operation: template, template_str: through, prompt: x, output_var: b, depends_on: [held]}
      output: b
      """;
  @TempDir Path folder;

  @Test
  void refusesNewWorkKeepsOldWorkAndGoesOnWhenThereIsRoomAgain() throws Exception {
    try (ServedHome server = new ServedHome(folder, Map.of())) {
      server.start();
      server.save("held", CHAIN);
      Path marker = folder.resolve("marker");
      String id = server.execute("held", Json.object().put("marker", "" + marker).toString());
      // Room for the log's index, without which nothing can be read, and for less than a step's
      // output in the log itself: how much of that is free again is not foreseeable.
      server.limitFiles("32768");

      String input = Json.object().put("marker", "y".repeat(300_000)).toString();
      HttpResponse<String> chains =
          server.post(
              server.chains("/execute/held"), "application/json", "{\"input\":" + input + "}");
      assertThat(chains.statusCode()).as(chains.body()).isEqualTo(503);
      assertThat(Json.read(chains.body()).path("error").asString()).contains("database");
      HttpResponse<String> unified =
          server.post(
              server.main("/v1/executions"),
              "application/json",
              "{\"kind\":\"chain\",\"name\":\"held\",\"input\":" + input + "}");
      assertThat(unified.statusCode()).as(unified.body()).isEqualTo(503);
      assertThat(Json.read(unified.body()).path("code").asString()).isEqualTo("STORE_UNAVAILABLE");

      Files.createFile(marker);
      assertThat(awaitHealth(server, 503)).contains("database");
      HttpResponse<String> old = server.get(server.chains("/executions/" + id));
      assertThat(Json.read(old.body()).path("status").asString())
          .as(old.body())
          .isEqualTo("running");
      assertThat(server.isAlive()).isTrue();

      server.limitFiles("unlimited");
      assertThat(server.await(id, "succeeded").path("result").asString()).isEqualTo("through");
      awaitHealth(server, 200);
    }
  }

  private static String awaitHealth(ServedHome server, int status) throws Exception {
    HttpResponse<String> health = server.get(server.main("/health"));
    for (int i = 0; i < 2_000 && health.statusCode() != status; i++) {
      TimeUnit.MILLISECONDS.sleep(20);
      health = server.get(server.main("/health"));
    }
    assertThat(health.statusCode()).as(health.body()).isEqualTo(status);
    return health.body();
  }
}
