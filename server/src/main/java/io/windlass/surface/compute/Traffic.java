package io.windlass.surface.compute;

import io.windlass.http.RequestObserver;
import io.windlass.kernel.Json;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/** Counts the requests that this surface has answered since its start. */
public final class Traffic implements RequestObserver {
  private static final int WINDOW_SECONDS = 60;
  private final InstantSource clock;
  private final AtomicLong total = new AtomicLong();
  private final Map<String, AtomicLong> byRoute = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final long[] counts = new long[WINDOW_SECONDS];
  private final long[] seconds = new long[WINDOW_SECONDS];

  public Traffic(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void handled(String surface, String method, String route, int status, long nanos) {
    if (!surface.equals(ComputeSurface.NAME)) {
      return;
    }
    total.incrementAndGet();
    byRoute.computeIfAbsent(route, _ -> new AtomicLong()).incrementAndGet();
    long now = clock.instant().getEpochSecond();
    int slot = (int) (now % WINDOW_SECONDS);
    lock.lock();
    try {
      if (seconds[slot] != now) {
        seconds[slot] = now;
        counts[slot] = 0;
      }
      counts[slot]++;
    } finally {
      lock.unlock();
    }
  }

  /** The {@code requests} of the metrics: {@code per_minute} counts the last sixty seconds. */
  ObjectNode json() {
    ObjectNode json = Json.object().put("total", total.get()).put("per_minute", lastMinute());
    ObjectNode routes = json.putObject("by_endpoint");
    new TreeMap<>(byRoute).forEach((route, count) -> routes.put(route, count.get()));
    return json;
  }

  private double lastMinute() {
    long oldest = clock.instant().getEpochSecond() - WINDOW_SECONDS;
    long sum = 0;
    lock.lock();
    try {
      for (int i = 0; i < WINDOW_SECONDS; i++) {
        sum += seconds[i] > oldest ? counts[i] : 0;
      }
    } finally {
      lock.unlock();
    }
    return sum;
  }
}
