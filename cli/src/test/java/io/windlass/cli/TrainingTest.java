package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrainingTest {
  @Test
  void runsTheUsualCommandsWithoutAServer() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

    Process training =
        new ProcessBuilder(List.of(java, "-cp", classPath, "io.windlass.cli.Training"))
            .redirectErrorStream(true)
            .start();

    assertThat(new String(training.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .contains("NAME  STEPS", "ended  well", "Usage: windlass");
    assertThat(training.waitFor()).isZero();
  }
}
