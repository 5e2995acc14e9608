package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerReaderTest {
  private static final String FIXED =
      "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"id\":\"a1\",\"n\":3}";
  private static final String CHUNKED =
      "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\nA\r\n0123456789\r\n0\r\n\r\n";
  private final AnswerReader reader = new AnswerReader();

  private List<Answer> read(String text, int pieceSize) throws IOException {
    List<Answer> answers = new ArrayList<>();
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += pieceSize) {
      Answer answer =
          reader.read(ByteBuffer.wrap(bytes, at, Math.min(pieceSize, bytes.length - at)));
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers;
  }

  @Test
  void putsAnswersTogetherHoweverTheyArrive() throws IOException {
    for (int pieceSize : new int[] {1, 3, 1000}) {
      assertThat(read(FIXED, pieceSize))
          .containsExactly(new Answer(200, "{\"id\":\"a1\",\"n\":3}"));
      assertThat(read(CHUNKED, pieceSize)).containsExactly(new Answer(201, "abcd0123456789"));
    }
  }

  @Test
  void refusesMoreThanOneAnswerToOneRequest() {
    assertThatThrownBy(() -> read(FIXED + "HTTP", 1000)).isInstanceOf(IOException.class);
  }

  @Test
  void findsAFieldAndTellsARefusalWithItsBody() {
    assertThat(new Answer(200, "{\"id\": \"a1\"}").field("id")).isEqualTo("a1");
    assertThatThrownBy(() -> new Answer(429, "too many").field("id"))
        .hasMessage("the server answered 429: too many");
  }
}
