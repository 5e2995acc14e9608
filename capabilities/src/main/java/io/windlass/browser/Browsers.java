package io.windlass.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.PlaywrightException;
import io.windlass.step.StepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The browsers of this server: each visit has a Chromium of its own, which begins and ends with it,
 * and all go through one proxy.
 */
public final class Browsers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** One takes some hundred megabytes; further visits wait. */
  private static final int AT_ONCE = 4;

  private final BrowserConfig config;
  private final Reach reach;
  private final Patience patience;
  private final Semaphore places = new Semaphore(AT_ONCE, true);
  private final ReentrantLock lock = new ReentrantLock();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("browser-patience").factory());
  private final Set<Chromium> running = new LinkedHashSet<>();
  private @Nullable GuardedProxy proxy;
  private boolean closed;

  public Browsers(BrowserConfig config, Reach reach) {
    this(config, reach, PATIENCE);
  }

  /**
   * The same with another patience.
   *
   * @param patience how long is waited for a page
   */
  Browsers(BrowserConfig config, Reach reach, Duration patience) {
    this.config = config;
    this.reach = reach;
    this.patience = new Patience(patience, timer);
  }

  /** What is done with a page; on one thread, as the driver wants it. */
  @FunctionalInterface
  interface Work<T> {
    T with(Visit visit) throws Exception;
  }

  Path folder() {
    return config.folder();
  }

  /** The processes that browsers run under now. */
  List<ProcessHandle> processes() {
    lock.lock();
    try {
      return running.stream().map(Chromium::handle).toList();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts a browser and works in it; an interrupt, or the step's cancel, ends the work. The
   * browser has ended when this returns.
   *
   * @throws BrowserFailure when the browser or a page gave up
   * @throws io.windlass.kernel.WindlassException NOT_CONFIGURED naming a program that is missing
   */
  <T> T visit(Viewport viewport, StepContext context, Work<T> work) throws Exception {
    String program = Programs.browser(config);
    Map<String, String> environment = new HashMap<>();
    environment.put("PLAYWRIGHT_NODEJS_PATH", Programs.node(config));
    environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    Thread worker = Thread.currentThread();
    try (AutoCloseable _ = context.onCancel(worker::interrupt)) {
      places.acquire();
      try {
        return visited(start(program), environment, viewport, work);
      } finally {
        places.release();
      }
    }
  }

  private <T> T visited(
      Chromium browser, Map<String, String> environment, Viewport viewport, Work<T> work)
      throws Exception {
    try (Playwright playwright =
        Playwright.create(new Playwright.CreateOptions().setEnv(environment))) {
      Browser attached = playwright.chromium().connectOverCDP(browser.endpoint());
      try (Visit visit = Visit.open(attached, viewport, this::refusal, reach, patience)) {
        return work.with(visit);
      }
    } catch (PlaywrightException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw (InterruptedException)
            new InterruptedException("the visit was stopped with its step").initCause(e);
      }
      throw BrowserFailure.of(e, browser.isAlive());
    } finally {
      end(browser);
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

  private Chromium start(String program) throws IOException, InterruptedException {
    Chromium browser = Chromium.start(program, proxy().port());
    lock.lock();
    try {
      running.add(browser);
      if (!closed) {
        return browser;
      }
    } finally {
      lock.unlock();
    }
    end(browser);
    throw shuttingDown();
  }

  private GuardedProxy proxy() throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw shuttingDown();
      }
      GuardedProxy there = proxy;
      if (there == null) {
        there = new GuardedProxy(reach);
        proxy = there;
      }
      return there;
    } finally {
      lock.unlock();
    }
  }

  private static IOException shuttingDown() {
    return new IOException("the server is shutting down");
  }

  private void end(Chromium browser) {
    browser.close();
    lock.lock();
    try {
      running.remove(browser);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    List<Chromium> left;
    lock.lock();
    try {
      closed = true;
      left = List.copyOf(running);
      if (proxy != null) {
        proxy.close();
        proxy = null;
      }
    } finally {
      lock.unlock();
    }
    left.forEach(this::end);
    timer.shutdownNow();
  }
}
