package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Asks all checks at once and answers 200 when every one of them is well, else 503. */
final class Health {
  private final String version;
  private final List<HealthCheck> checks;
  private final Duration limit;

  /** The answer. */
  record Report(String status, String version, List<Finding> checks) {}

  /** What one check found. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Finding(String name, boolean ok, @Nullable String detail) {}

  Health(String version, List<HealthCheck> checks, Duration limit) {
    this.version = version;
    this.checks = List.copyOf(checks);
    this.limit = limit;
  }

  void answer(Context context) throws InterruptedException {
    List<Finding> findings = look();
    boolean well = findings.stream().allMatch(Finding::ok);
    context
        .status(well ? 200 : 503)
        .header("Cache-Control", "no-store")
        .json(new Report(well ? "up" : "down", version, findings));
  }

  private List<Finding> look() throws InterruptedException {
    ExecutorService looking = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<String>> answers =
          looking.invokeAll(
              checks.stream()
                  .<java.util.concurrent.Callable<String>>map(check -> check.probe()::look)
                  .toList(),
              limit.toMillis(),
              TimeUnit.MILLISECONDS);
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        findings.add(finding(checks.get(i).name(), answers.get(i)));
      }
      return findings;
    } finally {
      // Not close(): a check that hangs must not hold the answer.
      looking.shutdownNow();
    }
  }

  private Finding finding(String name, Future<String> answer) throws InterruptedException {
    try {
      return new Finding(name, true, answer.get());
    } catch (CancellationException e) {
      return new Finding(name, false, "no answer within " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage();
      return new Finding(name, false, message == null ? cause.toString() : message);
    }
  }
}
