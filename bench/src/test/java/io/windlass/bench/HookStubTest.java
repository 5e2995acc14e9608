package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class HookStubTest {

  @Test
  void takesStepsInTheirOrderAndAnUnfinishedOneAgain() throws IOException {
    try (HookStub hooks = new HookStub()) {
      hooks.note("r1", 1, "a");
      hooks.note("r1", 2, "b");
      hooks.note("r1", 2, "b");
      hooks.note("r1", 3, "c");
      assertThat(hooks.faults()).isEmpty();
      assertThat(hooks.repeats()).isEqualTo(1);
      assertThat(hooks.lastStep("r1")).isEqualTo(3);
      assertThat(hooks.lastStep("r2")).isZero();
    }
  }

  @Test
  void findsAFinishedEffectThatCameAgain() throws IOException {
    try (HookStub hooks = new HookStub()) {
      hooks.note("r1", 1, "a");
      hooks.note("r1", 2, "b");
      hooks.note("r1", 1, "a");
      assertThat(hooks.faults()).containsExactly("step 1 of r1 was repeated after step 2");
    }
  }

  @Test
  void findsAnotherKeyAMissingKeyAndASkippedStep() throws IOException {
    try (HookStub hooks = new HookStub()) {
      hooks.note("r1", 1, "a");
      hooks.note("r1", 1, "x");
      hooks.note("r1", 2, null);
      hooks.note("r1", 3, "c");
      assertThat(hooks.faults())
          .containsExactly(
              "step 1 of r1 came again under another key",
              "step 2 of r1 came without an Idempotency-Key",
              "step 3 of r1 came after step 1");
    }
  }

  @Test
  void answersOverHttp() throws IOException {
    try (HookStub hooks = new HookStub();
        Api api =
            new Api(Integer.parseInt(hooks.url().substring(hooks.url().lastIndexOf(':') + 1)))) {
      assertThat(api.post("/r1/1", "{}").status()).isEqualTo(200);
      assertThat(hooks.calls()).isEqualTo(1);
      assertThat(hooks.faults()).hasSize(1);
    }
  }
}
