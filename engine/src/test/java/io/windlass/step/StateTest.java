package io.windlass.step;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StateTest {
  @Test
  void countsCharactersAsPeopleSeeThem() {
    State state =
        State.EMPTY
            .with("text", Json.text("four"))
            .with("none", Json.tree(null))
            .with("list", Json.tree(new int[] {1, 2}));

    assertThat(state.characters()).isEqualTo("four".length() + "[1,2]".length());
  }

  @Test
  void keepsTheCountUp_whateverIsSetAnew() {
    Random random = new Random(7);
    State counted = State.EMPTY;
    assertThat(counted.characters()).isZero();
    for (int i = 0; i < 200; i++) {
      Map<String, JsonNode> more = new LinkedHashMap<>();
      for (int k = random.nextInt(3); k >= 0; k--) {
        more.put("v" + random.nextInt(12), Json.text("x".repeat(random.nextInt(50))));
      }
      counted = counted.with(more);
      assertThat(counted.characters()).isEqualTo(State.characters(counted.values().values()));
    }
  }

  @Test
  void leavesTheStateBeforeAsItWas() {
    State before = State.EMPTY.with("a", Json.text("1"));
    assertThat(before.characters()).isEqualTo(1);

    State after = before.with("a", Json.text("22"));

    assertThat(after.characters()).isEqualTo(2);
    assertThat(before.text("a")).isEqualTo("1");
    assertThat(before.characters()).isEqualTo(1);
  }
}
