package io.windlass.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads a stream to its end on a thread of its own and keeps a bounded part: the beginning, or the
 * end. A platform thread, since reading a pipe would hold a virtual thread's carrier.
 */
public final class Drain {
  private final byte[] kept;
  private final boolean keepsEnd;
  private final CountDownLatch ended = new CountDownLatch(1);
  private byte[] buffer = new byte[8192];
  private int size;
  private long total;

  private Drain(int limit, boolean keepsEnd) {
    this.kept = keepsEnd ? new byte[limit] : new byte[0];
    this.limit = limit;
    this.keepsEnd = keepsEnd;
  }

  private final int limit;

  /** Keeps the first bytes. */
  public static Drain beginning(InputStream stream, int limit) {
    return new Drain(limit, false).start(stream);
  }

  /** Keeps the last bytes. */
  public static Drain end(InputStream stream, int limit) {
    return new Drain(limit, true).start(stream);
  }

  private Drain start(InputStream stream) {
    Thread.ofPlatform().daemon().name("drain").start(() -> read(stream));
    return this;
  }

  /** Waits for the stream's end. */
  public void await() throws InterruptedException {
    ended.await();
  }

  /** The same for some time only; whether the end has come. */
  public boolean await(Duration atMost) throws InterruptedException {
    return ended.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** How many bytes came in all. */
  public synchronized long total() {
    return total;
  }

  /** Whether more came than was kept. */
  public synchronized boolean truncated() {
    return total > limit;
  }

  /** What was kept, as text; a character that the limit cut is left out. */
  public synchronized String text() {
    if (!keepsEnd) {
      String text = new String(buffer, 0, size, StandardCharsets.UTF_8);
      return total > limit && text.endsWith("\uFFFD") ? text.substring(0, text.length() - 1) : text;
    }
    int length = (int) Math.min(total, limit);
    byte[] tail = new byte[length];
    int from = (int) ((total - length) % limit);
    for (int i = 0; i < length; i++) {
      tail[i] = kept[(from + i) % limit];
    }
    String text = new String(tail, StandardCharsets.UTF_8);
    return total > limit && text.startsWith("\uFFFD") ? text.substring(1) : text;
  }

  private void read(InputStream stream) {
    byte[] chunk = new byte[64 * 1024];
    try (stream) {
      for (int length = stream.read(chunk); length >= 0; length = stream.read(chunk)) {
        keep(chunk, length);
      }
    } catch (IOException e) {
      // The process was killed: what came before stands.
    } finally {
      ended.countDown();
    }
  }

  private synchronized void keep(byte[] chunk, int length) {
    if (keepsEnd) {
      for (int i = Math.max(0, length - limit); i < length; i++) {
        kept[(int) ((total + i) % limit)] = chunk[i];
      }
    } else {
      int room = Math.min(length, limit - size);
      if (size + room > buffer.length) {
        byte[] larger = new byte[Math.min(limit, Math.max(buffer.length * 2, size + room))];
        System.arraycopy(buffer, 0, larger, 0, size);
        buffer = larger;
      }
      System.arraycopy(chunk, 0, buffer, size, room);
      size += room;
    }
    total += length;
  }
}
