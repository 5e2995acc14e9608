package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs that steps start get of their server, and what its death means for them. */
final class StepProgramsTest {
  private static final String CHAIN =
      """
      name: Left
      inputs: [{name: marker}]
      steps:
        - id: held
          type: gather
          pre_tools:
            - type: bash
              inject_as: seen
              timeout_ms: 60000
              command: |
                [ -e {marker}.again ] && exit
                env > {marker}.env
                setsid sleep 300 > /dev/null 2>&1 &
                echo $! > {marker}.pid
                mv {marker}.pid {marker}.begun
                sleep 60
          operation: template
          template_str: "{seen}"
          prompt: x
          output_var: a
      output: a
      """;

  @TempDir Path folder;

  @Test
  void keepsSecretsFromProgramsAndEndsWhatOutlivesTheServer() throws Exception {
    Map<String, String> settings =
        Map.of(
            "WINDLASS_WEB_SEARCH",
            "brave",
            "BRAVE_API_KEY",
            "hidden-1",
            "ANY_TOKEN",
            "hidden-2",
            "BROKER_URL",
            "amqp://u:hidden-3@localhost/",
            "DEPLOY_TOKEN",
            "given",
            "WINDLASS_PASS_VARIABLES",
            "DEPLOY_TOKEN, NOT_SET");
    Path marker = folder.resolve("marker");
    try (ServedHome server = new ServedHome(folder, settings)) {
      server.start();
      server.save("left", CHAIN);
      String id = server.execute("left", "{\"marker\":\"" + marker + "\"}");
      Path begun = folder.resolve("marker.begun");
      for (int i = 0; i < 1_500 && !Files.exists(begun); i++) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      ProcessHandle left =
          ProcessHandle.of(Long.parseLong(Files.readString(begun).strip())).orElseThrow();

      List<String> variables = Files.readAllLines(folder.resolve("marker.env"));
      assertThat(variables)
          .noneMatch(line -> line.contains("hidden"))
          .contains("DEPLOY_TOKEN=given", "PATH=" + System.getenv("PATH"))
          .anyMatch(line -> line.startsWith("HOME="));

      Files.createFile(folder.resolve("marker.again"));
      server.kill();
      assertThat(left.isAlive()).isTrue();
      server.start();
      left.onExit().get(5, TimeUnit.SECONDS);
      server.await(id, "succeeded");
    }
  }
}
