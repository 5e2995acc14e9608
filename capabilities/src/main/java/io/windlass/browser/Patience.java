package io.windlass.browser;

import com.microsoft.playwright.PlaywrightException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * How long is waited for a page that does not answer: the driver itself would wait for ever for a
 * page whose script never ends.
 */
final class Patience {
  private final Duration limit;
  private final ScheduledExecutorService timer;

  Patience(Duration limit, ScheduledExecutorService timer) {
    this.limit = limit;
    this.timer = timer;
  }

  Duration limit() {
    return limit;
  }

  /** What came of one wait; decided once. */
  private static final class Wait {
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread waiting = Thread.currentThread();
    private boolean over;
    private boolean expired;

    void expire() {
      lock.lock();
      try {
        if (!over) {
          expired = true;
          waiting.interrupt();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Whether the time was up before the work was done; no interrupt comes from here any more. */
    boolean end() {
      lock.lock();
      try {
        over = true;
        return expired;
      } finally {
        lock.unlock();
      }
    }
  }

  private Future<?> alarm(Wait wait) {
    try {
      return timer.schedule(wait::expire, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new PlaywrightException("the server is shutting down", e);
    }
  }

  /**
   * Works with a page on this thread.
   *
   * @throws BrowserFailure when it takes longer than the limit
   */
  <T> T with(Supplier<T> work) throws BrowserFailure {
    Wait wait = new Wait();
    Future<?> alarm = alarm(wait);
    try {
      T result = work.get();
      if (wait.end()) {
        Thread.interrupted();
      }
      return result;
    } catch (PlaywrightException e) {
      if (wait.end()) {
        Thread.interrupted();
        throw BrowserFailure.hanging(limit);
      }
      throw e;
    } finally {
      wait.end();
      alarm.cancel(false);
    }
  }
}
