package io.windlass.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import io.windlass.step.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one Chromium of this server: started when it is first needed, shared by all visits, each in a
 * context of its own, and closed when nobody has needed it for a while.
 */
public final class Browsers implements AutoCloseable {
  private static final Duration IDLE = Duration.ofMinutes(2);

  private final BrowserConfig config;
  private final Reach reach;
  private final Duration idle;
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("browser-idle").factory());
  private @Nullable Chromium chromium;
  private @Nullable GuardedProxy proxy;
  private int visits;
  private long generation;
  private boolean closed;

  public Browsers(BrowserConfig config, Reach reach) {
    this(config, reach, IDLE);
  }

  Browsers(BrowserConfig config, Reach reach, Duration idle) {
    this.config = config;
    this.reach = reach;
    this.idle = idle;
  }

  /** What is done with a page; on one thread, as the driver wants it. */
  @FunctionalInterface
  interface Work<T> {
    T with(Visit visit) throws Exception;
  }

  Path folder() {
    return config.folder();
  }

  /** The process that the browser runs under. */
  Optional<ProcessHandle> process() {
    lock.lock();
    try {
      return chromium == null ? Optional.empty() : Optional.of(chromium.handle());
    } finally {
      lock.unlock();
    }
  }

  /** Whether a browser runs now. */
  boolean isRunning() {
    lock.lock();
    try {
      return chromium != null && chromium.isAlive();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Opens a fresh context and works in it; an interrupt, or the step's cancel, ends the work.
   *
   * @throws BrowserFailure when the browser or a page gave up
   * @throws io.windlass.kernel.WindlassException NOT_CONFIGURED naming a program that is missing
   */
  <T> T visit(Viewport viewport, StepContext context, Work<T> work) throws Exception {
    String node = Programs.node(config);
    Map<String, String> environment = new HashMap<>();
    environment.put("PLAYWRIGHT_NODEJS_PATH", node);
    environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Chromium browser = enter();
    Thread worker = Thread.currentThread();
    try (AutoCloseable _ = context.onCancel(worker::interrupt);
        Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(environment))) {
      Browser attached = playwright.chromium().connectOverCDP(browser.endpoint());
      try (Visit visit = Visit.open(attached, viewport, this::refusal, reach)) {
        return work.with(visit);
      }
    } catch (PlaywrightException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw (InterruptedException)
            new InterruptedException("the visit was stopped with its step").initCause(e);
      }
      throw BrowserFailure.of(e, browser.isAlive());
    } finally {
      leave(browser);
    }
  }

  private Optional<String> refusal(String host) {
    lock.lock();
    try {
      return proxy == null ? Optional.empty() : proxy.refusal(host);
    } finally {
      lock.unlock();
    }
  }

  private Chromium enter() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IOException("the server is shutting down");
      }
      if (chromium != null && !chromium.isAlive()) {
        drop();
      }
      if (proxy == null) {
        proxy = new GuardedProxy(reach);
      }
      if (chromium == null) {
        chromium = Chromium.start(Programs.browser(config), proxy.port());
      }
      visits++;
      generation++;
      return chromium;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Chromium used) {
    lock.lock();
    try {
      visits--;
      if (chromium == used && !used.isAlive()) {
        drop();
      }
      if (visits == 0 && !closed) {
        long now = generation;
        timer.schedule(() -> rest(now), idle.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  private void rest(long at) {
    lock.lock();
    try {
      if (visits == 0 && generation == at) {
        drop();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private void drop() {
    if (chromium != null) {
      chromium.close();
      chromium = null;
    }
  }

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    lock.lock();
    try {
      closed = true;
      drop();
      if (proxy != null) {
        proxy.close();
        proxy = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
