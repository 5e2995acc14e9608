package io.windlass.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> TYPES =
      List.of("agent", "router", "gate", "evaluator", "transform", "loop", "merge", "http_fetch");

  @Test
  void findsWhatASlipOfTheFingersMeant() {
    assertThat(Nearest.of("agnet", TYPES)).contains("agent");
    assertThat(Nearest.of("evalutr", TYPES)).contains("evaluator");
    assertThat(Nearest.of("Trasnform", TYPES)).contains("transform");
    assertThat(Nearest.of("fetch", TYPES)).contains("http_fetch");
    assertThat(Nearest.of("agents", List.of("reagents", "agent"))).contains("agent");
  }

  @Test
  void saysNothing_whenNothingIsNear() {
    assertThat(Nearest.of("teleport", TYPES)).isEmpty();
    assertThat(Nearest.of("", TYPES)).isEmpty();
    assertThat(Nearest.of("x", List.of("agent", "a-much-longer-name"))).isEmpty();
    assertThat(Nearest.of("vote", List.of("concatenate", "json_array", "pick_best"))).isEmpty();
    assertThat(Nearest.hint("teleport", TYPES)).isEmpty();
    assertThat(Nearest.hint("rooter", TYPES)).isEqualTo("; did you mean \"router\"?");
  }

  @Test
  void answersTheSameForTheSame_whateverTheOrder() {
    assertThat(Nearest.of("cat", List.of("car", "bat"))).contains("bat");
    assertThat(Nearest.of("cat", List.of("bat", "car"))).contains("bat");
  }
}
