package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void saysDurationsAsPeopleDo() {
    assertThat(Wording.duration(null)).isEmpty();
    assertThat(Wording.duration(999L)).isEqualTo("999 ms");
    assertThat(Wording.duration(59_999L)).isEqualTo("59.9 s");
    assertThat(Wording.duration(125_000L)).isEqualTo("2 m 05 s");
    assertThat(Wording.duration(3_720_000L)).isEqualTo("1 h 02 m");
  }

  @Test
  void cutsAndCleansLines() {
    assertThat(Wording.line(" a\n\n b\u001b[1m ", 100)).isEqualTo("a b[1m");
    assertThat(Wording.line("abcdef", 4)).isEqualTo("abc…");
  }

  @Test
  void readsSettingsOfTheServerForItsAddress() {
    Connection connection = new Connection();
    Terminal terminal =
        new Terminal(
            System.in,
            System.out,
            System.err,
            java.util.Map.of(
                "WINDLASS_HOST", "0.0.0.0", "WINDLASS_PORT", "9", "WINDLASS_CHAINS_PORT", "off"),
            false,
            false,
            false);
    assertThat(connection.unified(terminal).base()).hasToString("http://127.0.0.1:9");
    assertThat(connection.chains(terminal).base()).hasToString("http://127.0.0.1:9/apis/chains");
  }
}
