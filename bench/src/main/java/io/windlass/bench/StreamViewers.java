package io.windlass.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Many event streams read by one thread. An event carries the time at which the server made it, by
 * the clock that this process reads too.
 */
final class StreamViewers implements AutoCloseable {
  private static final String TIME = "\"at\":\"";

  private final int port;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
  private final Percentiles delays = new Percentiles();
  private Instant countFrom = Instant.MAX;
  private Instant last = Instant.MIN;
  private int open;
  private int ended;

  private static final class Stream {
    private final SocketChannel channel;
    private final StringBuilder line = new StringBuilder();
    private boolean open;
    private boolean ended;

    Stream(SocketChannel channel) {
      this.channel = channel;
    }
  }

  StreamViewers(int port) throws IOException {
    this.port = port;
    this.selector = Selector.open();
  }

  void open(String path) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.write(ByteBuffer.wrap(Requests.get(port, path)));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, new Stream(channel));
    selector.selectNow(this::receive);
  }

  /** Only events made from then on count; those before were caught up with. */
  void countFrom(Instant from) {
    countFrom = from;
  }

  void awaitOpen(int count, int seconds) throws IOException {
    await("open", () -> open, count, seconds);
  }

  void awaitEnds(int count, int seconds) throws IOException {
    await("ended", () -> ended, count, seconds);
  }

  Percentiles delays() {
    return delays;
  }

  double eventsPerSecond() {
    double seconds = Duration.between(countFrom, last).toNanos() / 1e9;
    return seconds > 0 ? delays.count() / seconds : 0;
  }

  private void await(String what, IntSupplier reached, int count, int seconds) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (reached.getAsInt() < count) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d streams are %s after %d s"
                .formatted(reached.getAsInt(), count, what, seconds));
      }
      selector.select(this::receive, 100);
    }
  }

  private void receive(SelectionKey key) {
    Stream stream = (Stream) key.attachment();
    try {
      buffer.clear();
      int count = stream.channel.read(buffer);
      Instant now = Instant.now();
      if (count < 0) {
        end(key, stream);
        return;
      }
      buffer.flip();
      CharSequence text = StandardCharsets.UTF_8.decode(buffer);
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '\n') {
          line(key, stream, stream.line.toString(), now);
          stream.line.setLength(0);
        } else if (c != '\r') {
          stream.line.append(c);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void line(SelectionKey key, Stream stream, String line, Instant now) throws IOException {
    if (!stream.open) {
      if (!line.startsWith("HTTP/1.1 200")) {
        throw new IllegalStateException("a stream was refused: " + line);
      }
      stream.open = true;
      open++;
    } else if (line.startsWith("data:")) {
      Instant made = time(line);
      if (made != null && made.isAfter(countFrom)) {
        delays.add(Math.max(0, Duration.between(made, now).toNanos()));
        last = now;
      }
      if (line.contains("\"execution_failed\"") || line.contains("\"execution_cancelled\"")) {
        throw new IllegalStateException("an execution did not end well: " + line);
      }
      if (line.contains("\"execution_succeeded\"")) {
        end(key, stream);
      }
    }
  }

  private void end(SelectionKey key, Stream stream) throws IOException {
    if (!stream.ended) {
      stream.ended = true;
      ended++;
      key.cancel();
      stream.channel.close();
    }
  }

  private static @Nullable Instant time(String line) {
    int from = line.indexOf(TIME);
    int to = from < 0 ? -1 : line.indexOf('"', from + TIME.length());
    try {
      return to < 0 ? null : Instant.parse(line.substring(from + TIME.length(), to));
    } catch (DateTimeParseException e) {
      throw new IllegalStateException("an event has an unreadable time: " + line, e);
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
