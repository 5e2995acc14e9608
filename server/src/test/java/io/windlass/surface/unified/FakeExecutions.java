package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import io.windlass.execution.AdmissionLimit;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.Executions;
import io.windlass.execution.Rerun;
import io.windlass.execution.StartRequest;
import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Ids;
import io.windlass.kernel.Json;
import io.windlass.kernel.Page;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Executions in memory whose journals a test writes, so that streams can be tested step by step.
 */
final class FakeExecutions implements Executions {
  private final Ids ids = new TimeOrderedIds(InstantSource.system(), new SplittableRandom());
  private final FakeDefinitions definitions;
  private final List<Run> runs = new ArrayList<>();
  private final Map<String, Keyed> keys = new HashMap<>();
  volatile @Nullable WindlassException startRefusal;

  private record Keyed(StartRequest request, ExecutionId id) {}

  private static final class Run {
    Execution execution;
    final List<Entry> entries = new ArrayList<>();
    final List<FakeTail> tails = new ArrayList<>();

    Run(Execution execution) {
      this.execution = execution;
    }
  }

  private final class FakeTail implements Tail {
    private final Run run;
    private final BlockingQueue<Seen> queue = new LinkedBlockingQueue<>();

    FakeTail(Run run) {
      this.run = run;
    }

    @Override
    public Optional<Seen> next(Duration atMost) throws InterruptedException {
      return Optional.ofNullable(queue.poll(atMost.toNanos(), TimeUnit.NANOSECONDS));
    }

    @Override
    public void close() {
      synchronized (FakeExecutions.this) {
        run.tails.remove(this);
        FakeExecutions.this.notifyAll();
      }
    }
  }

  FakeExecutions(FakeDefinitions definitions) {
    this.definitions = definitions;
  }

  /** Appends to a journal; an end moves the execution. */
  synchronized void emit(ExecutionId id, Event event) {
    Run run = run(id);
    Entry entry = new Entry(run.entries.size() + 1L, Instant.now(), event);
    run.entries.add(entry);
    run.execution =
        switch (event) {
          case Event.ExecutionSucceeded e ->
              moved(run, ExecutionStatus.SUCCEEDED, e.result(), null);
          case Event.ExecutionFailed e -> moved(run, ExecutionStatus.FAILED, null, e.error());
          case Event.ExecutionCancelled e ->
              moved(run, ExecutionStatus.CANCELLED, null, "Cancelled by " + e.by());
          case Event.ExecutionWaiting _ -> moved(run, ExecutionStatus.WAITING, null, null);
          case Event.ExecutionTaken _ -> moved(run, ExecutionStatus.RUNNING, null, null);
          default -> run.execution;
        };
    run.tails.forEach(tail -> tail.queue.add(new Tail.Recorded(entry)));
    notifyAll();
  }

  /** Shows output that is not in the journal. */
  synchronized void live(ExecutionId id, Event.StepOutput output) {
    run(id).tails.forEach(tail -> tail.queue.add(new Tail.Live(output)));
  }

  synchronized void awaitFollowers(ExecutionId id, int count) throws InterruptedException {
    while (run(id).tails.size() != count) {
      wait(10_000);
    }
  }

  @Override
  public synchronized Execution start(StartRequest request) {
    WindlassException refusal = startRefusal;
    if (refusal != null) {
      throw refusal;
    }
    Definition definition =
        definitions
            .find(request.kind(), request.name())
            .orElseThrow(() ->
                new WindlassException(
                    ErrorCode.DEFINITION_NOT_FOUND, "There is no " + request.name()));
    Keyed known = request.idempotencyKey() == null ? null : keys.get(request.idempotencyKey());
    if (known != null) {
      if (!known.request().equals(request)) {
        throw new WindlassException(ErrorCode.IDEMPOTENCY_MISMATCH, "another body under this key");
      }
      return run(known.id()).execution;
    }
    Execution made =
        add(
            definition,
            request.publicIdPrefix(),
            request.origin(),
            request.owner(),
            request.input(),
            null);
    if (request.idempotencyKey() != null) {
      keys.put(request.idempotencyKey(), new Keyed(request, made.id()));
    }
    return made;
  }

  private Execution add(
      Definition definition,
      String prefix,
      String origin,
      String owner,
      ObjectNode input,
      @Nullable ExecutionId rerunOf) {
    ExecutionId id = new ExecutionId(ids.next());
    runs.add(
        new Run(
            new Execution(
                id,
                prefix + id.hex(),
                definition.kind(),
                definition.name(),
                definition.versionId(),
                origin,
                owner,
                ExecutionStatus.RUNNING,
                input,
                null,
                null,
                Usage.NONE,
                Instant.now(),
                null,
                null,
                rerunOf,
                1,
                "node-1")));
    emit(id, new Event.ExecutionStarted(definition.kind(), definition.name(), Map.of()));
    return run(id).execution;
  }

  @Override
  public synchronized Optional<Execution> find(String anyId) {
    return runs.stream()
        .map(run -> run.execution)
        .filter(one -> one.id().toString().equals(anyId) || one.publicId().equals(anyId))
        .findFirst();
  }

  @Override
  public synchronized Execution get(ExecutionId id) {
    return run(id).execution;
  }

  /** Nothing here starts another. */
  @Override
  public Optional<String> startedBy(ExecutionId id) {
    return Optional.empty();
  }

  @Override
  public synchronized ExecutionDetail detail(ExecutionId id) {
    Run run = run(id);
    JsonNode output =
        run.entries.stream()
            .map(Entry::event)
            .filter(Event.StepDone.class::isInstance)
            .map(event -> ((Event.StepDone) event).output())
            .findFirst()
            .orElse(null);
    var step =
        new StepView(
            "a",
            "First",
            "toy",
            output == null ? StepStatus.RUNNING : StepStatus.DONE,
            1,
            1,
            output,
            null,
            run.execution.createdAt(),
            output == null ? null : Instant.now(),
            output == null ? null : 5L,
            Usage.NONE);
    return new ExecutionDetail(run.execution, List.of(step), run.entries.size());
  }

  @Override
  public synchronized Page<Execution> list(
      ExecutionFilter filter, @Nullable String cursor, int limit) {
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    List<Execution> found =
        runs.reversed().stream()
            .map(run -> run.execution)
            .filter(one -> filter.kinds().isEmpty() || filter.kinds().contains(one.kind()))
            .filter(one -> filter.name() == null || filter.name().equals(one.name()))
            .filter(one -> filter.statuses().isEmpty() || filter.statuses().contains(one.status()))
            .filter(one -> filter.owner() == null || filter.owner().equals(one.owner()))
            .filter(one ->
                filter.createdAfter() == null || !one.createdAt().isBefore(filter.createdAfter()))
            .filter(one ->
                filter.createdBefore() == null || one.createdAt().isBefore(filter.createdBefore()))
            .skip(from)
            .limit(limit + 1L)
            .toList();
    return found.size() > limit
        ? new Page<>(found.subList(0, limit), Integer.toString(from + limit))
        : new Page<>(found, null);
  }

  @Override
  public List<ExecutionDetail> recent(ExecutionFilter filter, int limit, long offset) {
    return List.of();
  }

  @Override
  public synchronized List<Entry> entries(ExecutionId id, long afterNumber, int limit) {
    return run(id).entries.stream()
        .filter(entry -> entry.number() > afterNumber)
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized Tail tail(ExecutionId id, long afterNumber) {
    Run run = run(id);
    FakeTail tail = new FakeTail(run);
    entries(id, afterNumber, Integer.MAX_VALUE)
        .forEach(entry -> tail.queue.add(new Tail.Recorded(entry)));
    run.tails.add(tail);
    notifyAll();
    return tail;
  }

  @Override
  public synchronized Optional<Execution> awaitEnd(ExecutionId id, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!run(id).execution.status().isFinal()) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(left);
    }
    return Optional.of(run(id).execution);
  }

  @Override
  public synchronized Execution cancel(ExecutionId id, String by) {
    if (get(id).status().isFinal()) {
      throw WindlassException.wrongState("Execution " + id + " has ended already");
    }
    emit(id, new Event.ExecutionCancelled(by));
    return get(id);
  }

  @Override
  public synchronized Execution stop(ExecutionId id, String by) {
    emit(id, new Event.ExecutionStopping(by));
    return cancel(id, by);
  }

  @Override
  public synchronized Execution resume(ExecutionId id, String by, @Nullable AdmissionLimit limit) {
    ExecutionStatus status = get(id).status();
    if (status == ExecutionStatus.RUNNING || status == ExecutionStatus.SUCCEEDED) {
      throw WindlassException.wrongState("Execution " + id + " is " + Words.of(status));
    }
    emit(id, new Event.ExecutionTaken(2, "node-1", "resume", true));
    return get(id);
  }

  @Override
  public synchronized Execution rerun(ExecutionId id, Rerun rerun) {
    Execution one = get(id);
    if (!one.status().isFinal()) {
      throw WindlassException.wrongState("Execution " + id + " has not ended");
    }
    if (rerun.fromStep() != null && !rerun.fromStep().equals("a")) {
      throw WindlassException.invalid("There is no step '" + rerun.fromStep() + "'");
    }
    Definition definition = definitions.version(one.versionId()).orElseThrow();
    return add(definition, "", rerun.origin(), rerun.owner(), one.input(), id);
  }

  @Override
  public synchronized int running(Set<String> kinds) {
    return (int)
        runs.stream().filter(run -> run.execution.status() == ExecutionStatus.RUNNING).count();
  }

  private Run run(ExecutionId id) {
    return runs.stream()
        .filter(run -> run.execution.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new WindlassException(ErrorCode.EXECUTION_NOT_FOUND, "no execution " + id));
  }

  private static Execution moved(
      Run run, ExecutionStatus to, @Nullable JsonNode result, @Nullable String error) {
    Execution one = run.execution;
    return new Execution(
        one.id(),
        one.publicId(),
        one.kind(),
        one.name(),
        one.versionId(),
        one.origin(),
        one.owner(),
        to,
        one.input(),
        result == null ? null : Json.tree(result),
        error,
        one.usage(),
        one.createdAt(),
        to.isFinal() ? Instant.now() : null,
        one.parent(),
        one.rerunOf(),
        one.epoch(),
        one.node());
  }
}
