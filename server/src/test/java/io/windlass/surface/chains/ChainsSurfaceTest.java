package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Every call of the contract over HTTP, each answer held against the OpenAPI document. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class ChainsSurfaceTest {
  @Parameter private TestStore store;
  private Path folder;
  private ChainsServer server;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path temporary) throws Exception {
    store = database;
    folder = temporary;
    server = new ChainsServer(folder, store);
    server.save("/chains/greet", ChainsCase.GREET);
    server.save("/chains/gated", ChainsCase.GATED);
  }

  /** The last test, so to say: every operation of the document was tried. */
  @AfterParameterizedClassInvocation
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
      super(ChainsSurfaceTest.this.server, folder, store);
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

  @Nested
  final class Generations extends GenerationCases {
    Generations() {
      super(ChainsSurfaceTest.this.server);
    }
  }
}
