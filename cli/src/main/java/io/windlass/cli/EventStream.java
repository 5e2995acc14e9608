package io.windlass.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events; an {@code id} counts wherever in its frame it stands. */
final class EventStream implements AutoCloseable {
  private final InputStream in;
  private @Nullable String lastId;

  EventStream(InputStream in) {
    this.in = new BufferedInputStream(in, 32 << 10);
  }

  /** The id of the last frame that was complete and had one. */
  @Nullable String lastId() {
    return lastId;
  }

  /** The data of the next event; null at the end. A frame that was cut off is not told. */
  @Nullable String next() throws IOException {
    StringBuilder data = new StringBuilder();
    boolean any = false;
    String id = null;
    for (String line = line(); line != null; line = line()) {
      if (line.isEmpty()) {
        if (id != null) {
          lastId = id;
        }
        if (any) {
          return data.toString();
        }
        id = null;
      } else if (!line.startsWith(":")) {
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        if (value.startsWith(" ")) {
          value = value.substring(1);
        }
        if (field.equals("data")) {
          if (any) {
            data.append('\n');
          }
          data.append(value);
          any = true;
        } else if (field.equals("id")) {
          id = value;
        }
      }
    }
    return null;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String line = bytes.toString(StandardCharsets.UTF_8);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      }
      bytes.write(b);
      if (bytes.size() > Documents.MAX_BYTES) {
        throw CliException.failed(
            "An event of the stream is larger than " + (Documents.MAX_BYTES >> 20) + " MB");
      }
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
