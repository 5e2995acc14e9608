package io.windlass.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static EventStream of(String text) {
    return new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void readsDataAndTheIdBehindIt() throws IOException {
    try (var stream = of("data: é\nid: 7\n\n: heartbeat\n\ndata:b\ndata: c\n\n")) {
      assertThat(stream.next()).isEqualTo("é");
      assertThat(stream.lastId()).isEqualTo("7");
      assertThat(stream.next()).isEqualTo("b\nc");
      assertThat(stream.lastId()).isEqualTo("7");
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void readsLinesThatEndAsOnWindows() throws IOException {
    try (var stream = of("event: x\r\nid: 1\r\ndata: a\r\n\r\n")) {
      assertThat(stream.next()).isEqualTo("a");
      assertThat(stream.lastId()).isEqualTo("1");
    }
  }

  @Test
  void forgetsAFrameThatWasCutOff() throws IOException {
    try (var stream = of("data: a\nid: 1\n\ndata: b\nid: 2\n")) {
      assertThat(stream.next()).isEqualTo("a");
      assertThat(stream.next()).isNull();
      assertThat(stream.lastId()).isEqualTo("1");
    }
  }
}
