package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Every call of the contract over HTTP, each answer held against the OpenAPI document. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChainsSurfaceTest {
  private Path folder;
  private ChainsServer server;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    folder = temporary;
    server = new ChainsServer(folder);
    server.save("/chains/greet", ChainsCase.GREET);
    server.save("/chains/gated", ChainsCase.GATED);
  }

  /** The last test, so to say: every operation of the document was tried. */
  @AfterAll
  void everyOperationWasTried() {
    Set<String> untried = server.contract.untriedOperations();
    server.close();
    assertThat(untried).isEmpty();
  }

  @Test
  void tellsThatItIsWell() throws Exception {
    assertThat(server.json("/health").path("version").asString()).isEqualTo("0.1.0");
  }

  @Nested
  final class Chains extends ChainCases {
    Chains() {
      super(ChainsSurfaceTest.this.server);
    }
  }

  @Nested
  final class Runs extends RunCases {
    Runs() {
      super(ChainsSurfaceTest.this.server, folder);
    }
  }

  @Nested
  final class Courses extends CourseCases {
    Courses() {
      super(ChainsSurfaceTest.this.server);
    }
  }

  @Nested
  final class Schedules extends ScheduleCases {
    Schedules() {
      super(ChainsSurfaceTest.this.server);
    }
  }
}
