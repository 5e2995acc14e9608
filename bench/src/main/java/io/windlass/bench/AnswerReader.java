package io.windlass.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Puts the answers of one keep-alive connection together from what arrives. */
final class AnswerReader {
  private static final int UNKNOWN = -1;
  private byte[] bytes = new byte[2048];
  private int length;
  private int bodyAt = UNKNOWN;
  private int bodyLength = UNKNOWN;

  /** Takes what has arrived; gives the answer once it is whole. */
  @Nullable Answer read(ByteBuffer arrived) throws IOException {
    int more = arrived.remaining();
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
    arrived.get(bytes, length, more);
    length += more;
    if (bodyAt == UNKNOWN) {
      head();
    }
    if (bodyAt == UNKNOWN) {
      return null;
    }
    return bodyLength == UNKNOWN ? chunked() : fixed();
  }

  private void head() {
    for (int i = 3; i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        bodyAt = i + 1;
        break;
      }
    }
    if (bodyAt != UNKNOWN) {
      String head = new String(bytes, 0, bodyAt, StandardCharsets.ISO_8859_1);
      String lower = head.toLowerCase(Locale.ROOT);
      int at = lower.indexOf("\ncontent-length:");
      if (at >= 0) {
        int end = lower.indexOf('\r', at);
        bodyLength = Integer.parseInt(lower.substring(at + 16, end).strip());
      }
    }
  }

  private @Nullable Answer fixed() throws IOException {
    int end = bodyAt + bodyLength;
    if (length < end) {
      return null;
    }
    return whole(new String(bytes, bodyAt, bodyLength, StandardCharsets.UTF_8), end);
  }

  private @Nullable Answer chunked() throws IOException {
    StringBuilder body = new StringBuilder();
    int at = bodyAt;
    while (true) {
      int lineEnd = indexOfLineEnd(at);
      if (lineEnd < 0) {
        return null;
      }
      String size = new String(bytes, at, lineEnd - at, StandardCharsets.ISO_8859_1).strip();
      int chunk = Integer.parseInt(size, 16);
      int end = lineEnd + 2 + chunk + 2;
      if (length < end) {
        return null;
      }
      if (chunk == 0) {
        return whole(body.toString(), end);
      }
      body.append(new String(bytes, lineEnd + 2, chunk, StandardCharsets.UTF_8));
      at = end;
    }
  }

  private int indexOfLineEnd(int from) {
    for (int i = from; i + 1 < length; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private Answer whole(String body, int end) throws IOException {
    if (end != length) {
      throw new IOException("the server sent more than the answer to one request");
    }
    int status = Integer.parseInt(new String(bytes, 9, 3, StandardCharsets.ISO_8859_1));
    length = 0;
    bodyAt = UNKNOWN;
    bodyLength = UNKNOWN;
    return new Answer(status, body);
  }
}
