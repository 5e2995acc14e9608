package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final List<String> ROWS = List.of("sqlite", "latency", "gates");

  private static Options parse(String... arguments) {
    return Options.parse(List.of(arguments), ROWS);
  }

  @Test
  void wantsEveryRowAtFullScaleUnlessToldOtherwise() {
    Options options = parse();
    assertThat(ROWS).allMatch(options::wants);
    assertThat(options.scaled(100_000, 1)).isEqualTo(100_000);
    assertThat(options.json()).isNull();
  }

  @Test
  void takesRowsBetweenCommasAndOneByOne() {
    Options options = parse("--only", "sqlite,latency", "--only=gates");
    assertThat(options.only()).containsExactly("sqlite", "latency", "gates");
    assertThat(parse("--only", "gates").wants("sqlite")).isFalse();
  }

  @Test
  void scalesAmountsButNotBelowTheLeastUsefulOne() {
    Options options = parse("--scale", "0.1", "--json=out.json");
    assertThat(options.scaled(2_000, 200)).isEqualTo(200);
    assertThat(options.scaled(30, 5)).isEqualTo(5);
    assertThat(options.json()).isEqualTo(Path.of("out.json"));
  }

  @ParameterizedTest
  @CsvSource({
    "--only quick, --only quick is no row: there are sqlite; latency; gates",
    "--scale 0, --scale 0 is out of range",
    "--scale much, --scale much is no number",
    "--in-flight -3, --in-flight -3 is out of range",
    "--json, --json needs a value",
    "--fast, Unknown argument --fast"
  })
  void namesTheArgumentThatItCannotUse(String arguments, String message) {
    assertThatThrownBy(() -> parse(arguments.split(" ")))
        .isInstanceOf(Options.BadArgument.class)
        .hasMessageStartingWith(message.replace(';', ','));
  }
}
