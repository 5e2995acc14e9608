package io.windlass.surface.unified;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.windlass.engine.Engine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.http.RequestObserver;
import io.windlass.step.Usage;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The server's figures, as Prometheus reads them. The methods are shaped so that the engine's and
 * the listeners' observers can be given as method references.
 */
public final class Meters implements RequestObserver, AutoCloseable {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(20),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Timer commits;
  private final DistributionSummary batches;
  private final Map<AnswerCounters.Of, AnswerCounters> answers = new ConcurrentHashMap<>();

  public Meters() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    garbage.bindTo(registry);
    commits =
        Timer.builder("windlass.journal.commit")
            .description("Time that one group commit took")
            .serviceLevelObjectives(BUCKETS)
            .register(registry);
    batches =
        DistributionSummary.builder("windlass.journal.commit.appends")
            .description("Appends that shared one group commit; the sum counts all appends")
            .serviceLevelObjectives(1, 4, 16, 64, 256, 1024, 4096)
            .register(registry);
  }

  @Override
  public void handled(String surface, String method, String route, int status, long nanos) {
    Timer.builder("windlass.http.requests")
        .description("Answered requests; event streams end when their run does")
        .tag("surface", surface)
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The journal's writer committed so many appends in one transaction. */
  public void committed(int appends, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    batches.record(appends);
  }

  /** An execution moved, as the engine's observer tells it. */
  public void moved(Execution execution, ExecutionStatus from, ExecutionStatus to) {
    if (from == to) {
      executionStarted(execution.kind());
    } else if (to.isFinal()) {
      Long took = execution.durationMs();
      executionEnded(execution.kind(), to, took == null ? 0 : took);
    }
  }

  /** A model has answered, as the models' observer tells it; an unknown cost is counted as such. */
  public void answered(String provider, String model, Usage usage) {
    answers
        .computeIfAbsent(
            new AnswerCounters.Of(provider, model, usage.costUsd() != null),
            of -> new AnswerCounters(of, registry))
        .count(usage);
  }

  /** Adds the gauges that are read from a running engine. */
  public Meters watch(Engine engine, Set<String> kinds) {
    for (String kind : kinds) {
      gauge(
          "windlass.executions.running",
          "Executions that run on this node now, waiting ones left out",
          "kind",
          kind,
          () -> engine.executions().running(Set.of(kind)));
    }
    gauge(
        "windlass.approvals.waiting",
        "Questions that wait for a person",
        () -> engine.approvals().countOpen());
    return this;
  }

  /** Adds the gauges of the pool of database connections. */
  public Meters pool(Supplier<Number> max, Supplier<Number> open, Supplier<Number> active) {
    String node = "Database connections that this node ";
    return gauge("windlass.db.pool.max", node + "may open", max)
        .gauge("windlass.db.pool.open", node + "has open", open)
        .gauge("windlass.db.pool.active", node + "is using", active);
  }

  /** An execution of that kind was accepted. */
  void executionStarted(String kind) {
    Counter.builder("windlass.executions.started")
        .description("Executions accepted by this node")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }

  /** An execution of that kind has ended on this node. */
  void executionEnded(String kind, ExecutionStatus status, long durationMs) {
    Timer.builder("windlass.executions.ended")
        .description("Executions ended on this node, with their time from acceptance to end")
        .tag("kind", kind)
        .tag("status", Words.of(status))
        .register(registry)
        .record(Math.max(0, durationMs), TimeUnit.MILLISECONDS);
  }

  /** A figure that is looked up when it is asked for; as {@code windlass.approvals.waiting}. */
  public Meters gauge(String name, String description, Supplier<Number> figure) {
    Gauge.builder(name, figure).description(description).register(registry);
    return this;
  }

  /** The same with one tag. */
  public Meters gauge(
      String name, String description, String tag, String value, Supplier<Number> figure) {
    Gauge.builder(name, figure).description(description).tag(tag, value).register(registry);
    return this;
  }

  /** Everything in the Prometheus text format. */
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }
}
