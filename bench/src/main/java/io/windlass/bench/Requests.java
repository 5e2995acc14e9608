package io.windlass.bench;

import java.nio.charset.StandardCharsets;

/** Requests as the bytes that go over the wire. */
final class Requests {
  private Requests() {}

  static byte[] post(int port, String path, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    byte[] head =
        """
        POST %s HTTP/1.1
        Host: 127.0.0.1:%d
        Content-Type: application/json
        Content-Length: %d

        """
            .formatted(path, port, body.length)
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.UTF_8);
    byte[] whole = new byte[head.length + body.length];
    System.arraycopy(head, 0, whole, 0, head.length);
    System.arraycopy(body, 0, whole, head.length, body.length);
    return whole;
  }

  static byte[] get(int port, String path) {
    return "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
        .formatted(path, port)
        .getBytes(StandardCharsets.UTF_8);
  }
}
