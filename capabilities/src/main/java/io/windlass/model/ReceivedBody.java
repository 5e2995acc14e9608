package io.windlass.model;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A response body as it is read: what breaks it is told only after all that came before was read.
 * The JDK's own stream forgets what was not read yet as soon as the connection breaks.
 */
final class ReceivedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {
  private final BlockingQueue<Part> parts = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> taken = new ArrayDeque<>(2);
  private Flow.@Nullable Subscription subscription;
  private @Nullable End end;
  private volatile boolean closed;

  private sealed interface Part {}

  private record Data(List<ByteBuffer> buffers) implements Part {}

  /**
   * @param failure null when the body is whole
   */
  private record End(@Nullable Throwable failure) implements Part {}

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    if (closed || subscription != null) {
      given.cancel();
      return;
    }
    subscription = given;
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    parts.add(new Data(buffers));
  }

  @Override
  public void onError(Throwable failure) {
    parts.add(new End(failure));
  }

  @Override
  public void onComplete() {
    parts.add(new End(null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    ByteBuffer next = next();
    if (next == null) {
      return -1;
    }
    int count = Math.min(length, next.remaining());
    next.get(into, offset, count);
    return count;
  }

  /** The buffer to read on in; null at the end. */
  private @Nullable ByteBuffer next() throws IOException {
    while (true) {
      if (closed) {
        throw new IOException("the body was closed");
      }
      while (!taken.isEmpty() && !taken.getFirst().hasRemaining()) {
        taken.removeFirst();
      }
      if (!taken.isEmpty()) {
        return taken.getFirst();
      }
      if (end != null) {
        if (end.failure() == null) {
          return null;
        }
        throw new IOException(end.failure().getMessage(), end.failure());
      }
      switch (awaited()) {
        case Data(List<ByteBuffer> buffers) -> {
          taken.addAll(buffers);
          more();
        }
        case End last -> end = last;
      }
    }
  }

  private Part awaited() throws IOException {
    try {
      return parts.take();
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("the reading was interrupted", e);
    }
  }

  private synchronized void more() {
    if (subscription != null && !closed) {
      subscription.request(1);
    }
  }

  @Override
  public void close() {
    Flow.Subscription open;
    synchronized (this) {
      closed = true;
      open = subscription;
      subscription = null;
    }
    if (open != null) {
      open.cancel();
    }
    // Whoever waits in a read learns that it is closed.
    parts.add(new End(null));
  }
}
