package io.windlass.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.approval.Approval;
import io.windlass.definition.Flow;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An engine of a test, which can be stopped and opened again on the same home and database. */
final class TestEngine implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);

  final CodeKind kind = new CodeKind();
  private final Path home;
  private final @Nullable String url;
  private final EngineObservers observers;
  private Engine engine;

  TestEngine(Path home, @Nullable String url) {
    this(home, url, EngineObservers.NONE);
  }

  TestEngine(Path home, @Nullable String url, EngineObservers observers) {
    this.home = home;
    this.url = url;
    this.observers = observers;
    this.engine = open();
  }

  private Engine open() {
    Engine opened =
        Engine.open(
            new EngineConfig(home, url, Duration.ofMillis(300), null), List.of(kind), observers);
    opened.start();
    return opened;
  }

  Engine engine() {
    return engine;
  }

  void restart() {
    engine.close();
    engine = open();
  }

  /** Saves a flow under a name. */
  void define(String name, Supplier<Flow> flow) {
    kind.with(name, flow);
    engine.definitions().save("code", name, name);
  }

  Execution start(String name) {
    return start(name, Json.object(), null);
  }

  Execution start(String name, ObjectNode input, @Nullable String key) {
    return engine
        .executions()
        .start(new StartRequest("code", name, input, "test", "me", "", key, null));
  }

  Execution awaitEnd(ExecutionId id) throws InterruptedException {
    return engine.executions().awaitEnd(id, PATIENCE).orElseThrow();
  }

  Execution run(String name) throws InterruptedException {
    return awaitEnd(start(name).id());
  }

  Approval awaitApproval(ExecutionId id, String step) throws InterruptedException {
    await(() -> engine.executions().get(id).status() == ExecutionStatus.WAITING);
    return engine.approvals().findOpen(id, step).orElseThrow();
  }

  static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain").isLessThan(deadline);
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
