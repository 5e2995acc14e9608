package io.windlass.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests over some keep-alive connections from one thread, one at a time on each. It spends
 * little, since it shares the machine with the server that it measures.
 */
final class Pump implements AutoCloseable {
  private final InetSocketAddress server;
  private final Selector selector;
  private final Deque<Line> idle = new ArrayDeque<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
  private int busy;

  /** Where requests come from and answers go; called on the thread of {@link #run}. */
  interface Work {
    /** The next request; null when there is none now. */
    byte @Nullable [] next();

    /** An answer, and how long it took from the first byte sent to the last one received. */
    void answered(Answer answer, long nanos);
  }

  private static final class Line {
    private final SocketChannel channel;
    private final AnswerReader reader = new AnswerReader();
    private long sentAt;

    Line(SocketChannel channel) {
      this.channel = channel;
    }
  }

  Pump(int port, int connections) throws IOException {
    this.server = new InetSocketAddress("127.0.0.1", port);
    this.selector = Selector.open();
    for (int i = 0; i < connections; i++) {
      idle.add(connect());
    }
  }

  /**
   * Works until there is nothing more to do and every answer has come.
   *
   * @param finished whether {@link Work#next} will give nothing more
   * @throws IOException when the server breaks a connection
   */
  void run(Work work, BooleanSupplier finished) throws IOException {
    while (true) {
      boolean hungry = feed(work);
      if (busy == 0 && finished.getAsBoolean()) {
        return;
      }
      // With idle connections the work is asked again soon; else only answers matter.
      selector.select(key -> receive(key, work), hungry ? 1 : 100);
    }
  }

  private boolean feed(Work work) throws IOException {
    while (!idle.isEmpty()) {
      byte[] request = work.next();
      if (request == null) {
        return true;
      }
      send(idle.pop(), request);
    }
    return false;
  }

  private void send(Line line, byte[] request) throws IOException {
    line.sentAt = System.nanoTime();
    busy++;
    ByteBuffer bytes = ByteBuffer.wrap(request);
    while (bytes.hasRemaining()) {
      line.channel.write(bytes);
    }
  }

  private void receive(SelectionKey key, Work work) {
    Line line = (Line) key.attachment();
    try {
      buffer.clear();
      if (line.channel.read(buffer) < 0) {
        throw new IOException("the server closed a connection");
      }
      buffer.flip();
      Answer answer = line.reader.read(buffer);
      if (answer != null) {
        busy--;
        work.answered(answer, System.nanoTime() - line.sentAt);
        byte[] next = work.next();
        if (next == null) {
          idle.push(line);
        } else {
          send(line, next);
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Line connect() throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Line line = new Line(channel);
    channel.register(selector, SelectionKey.OP_READ, line);
    return line;
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
