package io.windlass.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The scripted model that answers every step, and the settings that every loaded server has. */
final class Script {
  private Script() {}

  /** Settings of a server that takes any number of executions and whose model answers so late. */
  static Map<String, String> settings(Path home, int delayMs) throws IOException {
    Path script = home.resolve("script.yaml");
    Files.writeString(script, "answers:\n  - {text: done, delay_ms: %d}\n".formatted(delayMs));
    return Map.of(
        "WINDLASS_MODEL_SCRIPT", script.toString(),
        "WINDLASS_MAX_CONCURRENT_EXECUTIONS", "1000000",
        "WINDLASS_EXECUTION_MAX_AGE_DAYS", "0");
  }
}
