package io.windlass.definition;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads by key that everybody who asks at the same time shares. An answer always comes from a read
 * that began after it was asked for, so it is as fresh as a read of one's own.
 *
 * @param <V> what is read
 */
final class SharedReads<V> {
  private static final int REMEMBERED = 500;

  private final Function<String, V> read;
  private final Map<String, Line<V>> lines =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line<V>> eldest) {
          return size() > REMEMBERED;
        }
      };

  SharedReads(Function<String, V> read) {
    this.read = read;
  }

  V get(String key) {
    Line<V> line;
    synchronized (lines) {
      line = lines.computeIfAbsent(key, _ -> new Line<>());
    }
    long wanted = line.begun.get() + 1;
    line.reading.lock();
    try {
      Answer<V> last = line.last;
      if (last != null && last.number >= wanted) {
        return last.value;
      }
      long number = line.begun.incrementAndGet();
      V value = read.apply(key);
      line.last = new Answer<>(number, value);
      return value;
    } finally {
      line.reading.unlock();
    }
  }

  /** Those who ask for one key. */
  private static final class Line<V> {
    final ReentrantLock reading = new ReentrantLock();
    final AtomicLong begun = new AtomicLong();
    @Nullable Answer<V> last;
  }

  private record Answer<V>(long number, V value) {}
}
