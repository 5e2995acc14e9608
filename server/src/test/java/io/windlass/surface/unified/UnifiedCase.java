package io.windlass.surface.unified;

import org.junit.jupiter.api.AfterEach;

/** A test of the unified surface over fakes of what is behind it. */
abstract class UnifiedCase {
  static final HealthCheck WELL = new HealthCheck("database", () -> "sqlite");
  UnifiedServer server = new UnifiedServer(Artifacts.NONE, WELL);

  @AfterEach
  void stop() {
    server.close();
  }
}
