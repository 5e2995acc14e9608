package io.windlass.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OfflineModelTest {
  private static final String PROMPT =
      """
      Review this repository and its history.
      The parser has no tests. The parser is changed every week by one author.
      Lunch was fine.
      Tests of the parser would have found the last three faults.
      The weather is good today. Someone likes tea. A cat sat there. Nothing more here.
      """;

  private final OfflineModel offline = new OfflineModel();

  @Test
  void givesTheSameAnswerEveryTime() throws Exception {
    assertThat(answer(PROMPT)).isEqualTo(answer(PROMPT));
    assertThat(answer(PROMPT)).isNotEqualTo(answer("Another prompt. With other sentences."));
  }

  @Test
  void saysThatNoModelIsConfiguredAndPicksKeySentences() throws Exception {
    assertThat(answer(PROMPT))
        .startsWith(OfflineModel.NOTICE)
        .contains("No language model is configured")
        .contains("- The parser has no tests.")
        .contains("- Tests of the parser would have found the last three faults.")
        .doesNotContain("Lunch");
  }

  @Test
  void streamsWhatItAnswersAtNoCost() throws Exception {
    List<String> pieces = new ArrayList<>();
    ModelAnswer answer = offline.ask(ModelRequest.of("s", PROMPT, null), pieces::add);

    assertThat(pieces).hasSizeGreaterThan(2);
    assertThat(String.join("", pieces)).isEqualTo(answer.text());
    assertThat(answer.usage().costUsd()).isEqualTo(BigDecimal.ZERO);
    assertThat(answer.usage().model()).isEqualTo("offline");
  }

  @Test
  void answersPromptsWithoutSentences() throws Exception {
    assertThat(answer("!!! ???")).startsWith(OfflineModel.NOTICE);
    assertThat(answer("hello")).contains("- hello");
    assertThat(answer("x".repeat(1_000_000)).length()).isLessThan(1_000);
  }

  @Test
  void stopsWhenInterrupted() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> answer(PROMPT)).isInstanceOf(InterruptedException.class);
  }

  private String answer(String prompt) throws InterruptedException {
    return offline.ask(ModelRequest.of("s", prompt, null), _ -> {}).text();
  }
}
