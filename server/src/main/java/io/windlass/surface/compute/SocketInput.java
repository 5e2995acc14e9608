package io.windlass.surface.compute;

import io.windlass.kernel.Json;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * What clients send, looked at before the protocol's library sees it: it trusts lengths, and it
 * takes any number of attachments and any depth.
 */
final class SocketInput {
  static final int MOST_BYTES = 256 << 10;
  private static final int DEEPEST = 64;
  private static final int LONGEST_LINE = 200;
  private static final char SEPARATOR = '\u001e';

  private SocketInput() {}

  /** The body of a request; null when it is too large. */
  static byte @Nullable [] body(HttpServletRequest request) throws IOException {
    byte[] bytes = request.getInputStream().readNBytes(MOST_BYTES + 1);
    return bytes.length > MOST_BYTES ? null : bytes;
  }

  static boolean isSane(byte[] payload) {
    for (String packet :
        new String(payload, StandardCharsets.UTF_8).split(String.valueOf(SEPARATOR), -1)) {
      if (packet.startsWith("b") || !isSane(packet)) {
        return false;
      }
    }
    return true;
  }

  /** An error in one short line. */
  static String line(Throwable e) {
    String text = e.toString();
    String first = text.lines().findFirst().orElse("");
    return first.length() > LONGEST_LINE ? first.substring(0, LONGEST_LINE) + "…" : first;
  }

  /**
   * Whether a packet is text without attachments, not nested deeply, and JSON where it has data.
   */
  static boolean isSane(String packet) {
    if (packet.startsWith("45") || packet.startsWith("46")) {
      return false;
    }
    return isShallow(packet) && (!packet.startsWith("4") || hasJson(packet));
  }

  /** The library logs at length what is none. */
  private static boolean hasJson(String packet) {
    int at = 2;
    if (packet.startsWith("/", at)) {
      int end = packet.indexOf(',', at);
      at = end < 0 ? packet.length() : end + 1;
    }
    while (at < packet.length() && Character.isDigit(packet.charAt(at))) {
      at++;
    }
    if (at >= packet.length()) {
      return true;
    }
    try {
      return !Json.MAPPER.readTree(packet.substring(at)).isMissingNode();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static boolean isShallow(String packet) {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < packet.length(); i++) {
      char c = packet.charAt(i);
      if (quoted) {
        if (c == '\\') {
          i++;
        } else if (c == '"') {
          quoted = false;
        }
      } else if (c == '"') {
        quoted = true;
      } else if (c == '[' || c == '{') {
        if (++depth > DEEPEST) {
          return false;
        }
      } else if (c == ']' || c == '}') {
        depth--;
      }
    }
    return true;
  }

  /** A request whose body has been read already. */
  static final class Given extends HttpServletRequestWrapper {
    private final byte[] body;

    Given(HttpServletRequest request, byte[] body) {
      super(request);
      this.body = body;
    }

    @Override
    public int getContentLength() {
      return body.length;
    }

    @Override
    public ServletInputStream getInputStream() {
      var bytes = new ByteArrayInputStream(body);
      return new ServletInputStream() {
        @Override
        public int read() {
          return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
          // The library asks for as much as its whole buffer, also into the rest of it.
          return bytes.read(target, offset, Math.min(length, target.length - offset));
        }

        @Override
        public boolean isFinished() {
          return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
          return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
          throw new IllegalStateException("the body has been read");
        }
      };
    }
  }
}
