package io.windlass.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the webhooks of chains whose steps come one after the other, at {@code /EXECUTION/NUMBER},
 * and knows from them alone whether a finished effect was repeated: a step begins once the one
 * before it is durable, so no call of an earlier step may follow.
 */
final class HookStub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Progress> runs = new ConcurrentHashMap<>();
  private final List<String> faults = Collections.synchronizedList(new ArrayList<>());
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger repeats = new AtomicInteger();

  private static final class Progress {
    private int step;
    private String key = "";
    private final Set<String> earlierKeys = new HashSet<>();
  }

  HookStub() throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::take);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  int calls() {
    return calls.get();
  }

  /** Calls that came again under their key: the effect had not finished when the server died. */
  int repeats() {
    return repeats.get();
  }

  /** What must not have been, in words. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** The last step that a run has called; 0 for none. */
  int lastStep(String run) {
    Progress progress = runs.get(run);
    return progress == null ? 0 : progress.step;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/");
      note(
          path[1],
          Integer.parseInt(path[2]),
          exchange.getRequestHeaders().getFirst("Idempotency-Key"));
      exchange.getRequestBody().readAllBytes();
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(30));
      exchange.sendResponseHeaders(200, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void note(String run, int step, @Nullable String key) {
    calls.incrementAndGet();
    if (key == null) {
      faults.add("step " + step + " of " + run + " came without an Idempotency-Key");
      return;
    }
    Progress progress = runs.computeIfAbsent(run, _ -> new Progress());
    synchronized (progress) {
      if (step < progress.step) {
        faults.add("step %d of %s was repeated after step %d".formatted(step, run, progress.step));
      } else if (step == progress.step) {
        repeats.incrementAndGet();
        if (!key.equals(progress.key)) {
          faults.add("step %d of %s came again under another key".formatted(step, run));
        }
      } else {
        if (step != progress.step + 1) {
          faults.add("step %d of %s came after step %d".formatted(step, run, progress.step));
        }
        if (!progress.earlierKeys.add(key)) {
          faults.add("step %d of %s came under the key of an earlier one".formatted(step, run));
        }
        progress.step = step;
        progress.key = key;
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
