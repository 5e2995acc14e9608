package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricesTest {
  private static final String OPENAI = "api.openai.com";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, 2.5",
    "gpt-4o-2024-08-06, 2.5",
    "gpt-4o-2024-05-13, 5",
    "gpt-4o-mini, 0.15",
    "gpt-4o-mini-2024-07-18, 0.15",
  })
  void knowsAModelByItsNameAndItsSnapshots(String model, String input) {
    assertThat(Prices.load(null).find("openai", OPENAI, model))
        .hasValueSatisfying(price -> assertThat(price.input()).isEqualByComparingTo(input));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, api.openai.com, gpt-4o-audio-preview",
    "openai, api.openai.com, gpt-99",
    "openai, 127.0.0.1, gpt-4o",
    "local, 127.0.0.1, gpt-4o",
  })
  void guessesNoPrice(String provider, String host, String model) {
    assertThat(Prices.load(null).find(provider, host, model)).isEmpty();
  }

  @Test
  void countsCachedTokensAtTheirOwnPrice() {
    Price price = Prices.load(null).find("openai", OPENAI, "gpt-4o").orElseThrow();

    assertThat(price.of(1_000_000, 400_000, 100_000)).isEqualByComparingTo("3");
    assertThat(price.of(7, 0, 0)).isEqualByComparingTo("0.0000175");
    assertThat(price.of(0, 5, 0)).isEqualByComparingTo("0");
  }

  @Test
  void takesOnesOwnFiguresFirst() throws IOException {
    Path own =
        Files.writeString(
            folder.resolve("prices.yaml"),
            """
            providers:
              openai:
                models:
                  gpt-4o: {input: 1, output: 2}
              local:
                models:
                  "*": {input: 0, output: 0}
                  big-*: {input: 0.5, output: 0.5}
            """);
    Prices prices = Prices.load(own);

    assertThat(prices.find("openai", "proxy.example", "gpt-4o").orElseThrow().cachedInput())
        .isEqualByComparingTo("1");
    assertThat(prices.find("openai", OPENAI, "gpt-4o-2024-05-13").orElseThrow().output())
        .isEqualByComparingTo("2");
    assertThat(prices.find("local", "127.0.0.1", "qwen").map(Price::input).map(Object::toString))
        .isEqualTo(Optional.of("0"));
    assertThat(prices.find("local", "127.0.0.1", "big-one").orElseThrow().input())
        .isEqualByComparingTo("0.5");
    assertThat(prices.find("openai", OPENAI, "o3")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "providers: {x: {models: {m: {input: -1, output: 2}}}} | providers.x.models.m.input",
        "providers: {x: {models: {m: {input: 1}}}} | providers.x.models.m.output",
        "providers: 3 | providers: must be a map",
        "'a: [' | prices.yaml",
      })
  void namesThePlaceAtFault(String text, String told) throws IOException {
    Path own = Files.writeString(folder.resolve("prices.yaml"), text);

    assertThatThrownBy(() -> Prices.load(own))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(told);
  }
}
