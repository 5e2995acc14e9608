package io.windlass.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ChunksTest {
  @Test
  void cutsWhereATextMayBeCut() {
    assertThat(Chunks.of("one two", 50)).containsExactly("one two");
    assertThat(Chunks.of(" \n ", 50)).isEmpty();
    assertThat(Chunks.of("aaaa bbbb cccc dddd", 10)).containsExactly("aaaa bbbb", "cccc dddd");
    assertThat(Chunks.of("First one. Second one here", 16))
        .containsExactly("First one.", "Second one here");
    assertThat(Chunks.of("para one\n\npara two. More", 16))
        .containsExactly("para one", "para two. More");
  }

  @Test
  void losesNothingAndBreaksNoCharacter() {
    String text = "😀".repeat(101);
    List<String> pieces = Chunks.of(text, 51);
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces).allMatch(piece -> piece.length() <= 51);
    assertThat(pieces).noneMatch(piece -> Character.isLowSurrogate(piece.charAt(0)));
  }
}
