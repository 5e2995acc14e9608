package io.windlass.execution;

import io.windlass.definition.Definition;
import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Tail;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The executions of the database, started and run on this node. */
public final class LocalExecutions implements Executions {
  private final EngineNode node;
  private final ExecutionStore store;
  private final Dispatch dispatch;

  public LocalExecutions(EngineNode node, ExecutionObserver observer) {
    this.node = node;
    this.store = new ExecutionStore(node.database());
    this.dispatch = new Dispatch(node, store, observer);
  }

  @Override
  public Execution start(StartRequest request) {
    Definition definition = dispatch.starter().definition(request.kind(), request.name());
    return start(request, definition, null);
  }

  /** Accepts an execution that begins when another has ended. */
  public Execution startAfter(StartRequest request, ExecutionId other) {
    Definition definition = dispatch.starter().definition(request.kind(), request.name());
    return start(request, definition, other);
  }

  private Execution start(
      StartRequest request, Definition definition, @Nullable ExecutionId after) {
    AdmissionLimit limit = request.limit();
    Starter.Plan plan =
        new Starter.Plan(
            definition,
            request.input(),
            request.origin(),
            request.owner(),
            request.publicIdPrefix(),
            null,
            null,
            new NewExecution(null, 0, after, limit == null ? null : limit.group()),
            List.of());
    try {
      return request.idempotencyKey() == null
          ? dispatch.starter().start(plan, Starter.KeyRow.NONE, limit)
          : new Idempotency(
                  new IdempotencyStore(node.database()), store, dispatch.starter(), node.clock())
              .start(request, request.idempotencyKey(), plan);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static WindlassException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new WindlassException(ErrorCode.SHUTTING_DOWN, "The request was interrupted.", e);
  }

  @Override
  public Optional<Execution> find(String anyId) {
    return store.findAny(anyId).map(StoredExecution::execution);
  }

  @Override
  public Execution get(ExecutionId id) {
    return store.get(id).execution();
  }

  @Override
  public Optional<String> startedBy(ExecutionId id) {
    String key = store.get(id).parentKey();
    return key == null ? Optional.empty() : ParentKey.parse(key).map(ParentKey::step);
  }

  @Override
  public ExecutionDetail detail(ExecutionId id) {
    return detail(store.get(id).execution(), true);
  }

  private ExecutionDetail detail(Execution before, boolean withOutputs) {
    List<Entry> entries = node.journal().reader().all(before.id());
    // The row is read again after the journal, so that it is never behind the steps.
    Execution execution = store.get(before.id()).execution();
    Progress progress = Progress.of(node.flow(execution), entries);
    if (execution.status().isFinal() && !progress.status().isFinal()) {
      // It ended in between. The last events came with the end, so they are there now.
      entries = node.journal().reader().all(before.id());
      progress = Progress.of(node.flow(execution), entries);
    }
    return new ExecutionDetail(
        execution,
        progress.views(withOutputs),
        entries.isEmpty() ? 0 : entries.getLast().number(),
        execution.status().isFinal() ? null : progress.stopping());
  }

  @Override
  public Page<Execution> list(ExecutionFilter filter, @Nullable String cursor, int limit) {
    List<Execution> found =
        store.list(filter, parseCursor(cursor), limit + 1, 0).stream()
            .map(StoredExecution::execution)
            .toList();
    boolean more = found.size() > limit;
    List<Execution> items = more ? found.subList(0, limit) : found;
    return new Page<>(items, more ? items.getLast().id().toString() : null);
  }

  private static @Nullable UUID parseCursor(@Nullable String cursor) {
    try {
      return cursor == null ? null : UUID.fromString(cursor);
    } catch (IllegalArgumentException e) {
      throw WindlassException.invalid(
          "Unknown cursor \"" + cursor + "\": use next_cursor as given.");
    }
  }

  @Override
  public List<ExecutionDetail> recent(ExecutionFilter filter, int limit, long offset) {
    return store.list(filter, null, limit, offset).stream()
        .map(stored -> {
          String steps = stored.steps();
          return steps != null && stored.execution().status().isFinal()
              ? new ExecutionDetail(stored.execution(), StepSummary.read(steps), 0)
              : detail(stored.execution(), false);
        })
        .toList();
  }

  @Override
  public List<Entry> entries(ExecutionId id, long afterNumber, int limit) {
    return node.journal().reader().after(id, afterNumber, limit);
  }

  @Override
  public Tail tail(ExecutionId id, long afterNumber) {
    return node.journal().tail(id, afterNumber);
  }

  @Override
  public Optional<Execution> awaitEnd(ExecutionId id, Duration atMost) throws InterruptedException {
    return dispatch.waiters().await(id, atMost);
  }

  @Override
  public Execution cancel(ExecutionId id, String by) {
    try {
      dispatch.cancelling().cancel(id, by);
      return get(id);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public Execution stop(ExecutionId id, String by) {
    try {
      dispatch.stopping().stop(id, by);
      return get(id);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public Execution resume(ExecutionId id, String by, @Nullable AdmissionLimit limit) {
    StoredExecution stored = store.get(id);
    Execution execution = stored.execution();
    return switch (execution.status()) {
      case WAITING, QUEUED -> execution;
      case RUNNING, SUCCEEDED ->
          throw WindlassException.wrongState(
              "Execution %s cannot be resumed: it %s."
                  .formatted(
                      execution.publicId(),
                      execution.status() == ExecutionStatus.RUNNING
                          ? "is running"
                          : "has succeeded"));
      case FAILED, CANCELLED -> {
        dispatch.running().checkNotDraining();
        if (!dispatch.takeover().takeUp(stored, "resumed by " + by, true, limit)) {
          throw WindlassException.wrongState(
              "Execution %s was resumed by somebody else.".formatted(execution.publicId()));
        }
        yield get(id);
      }
    };
  }

  @Override
  public Execution rerun(ExecutionId id, Rerun rerun) {
    Execution old = get(id);
    if (!old.status().isFinal()) {
      throw WindlassException.wrongState(
          "Execution %s has not ended: wait for it or cancel it, then run it again."
              .formatted(old.publicId()));
    }
    Definition definition =
        rerun.currentDefinition()
            ? dispatch.starter().definition(old.kind(), old.name())
            : node.definitions().version(old.versionId()).orElseThrow();
    Flow flow = node.definitions().flow(definition);
    String fromStep = rerun.fromStep();
    AdmissionLimit limit = rerun.limit();
    Starter.Plan plan =
        new Starter.Plan(
            definition,
            old.input(),
            rerun.origin(),
            rerun.owner(),
            old.publicId().substring(0, Math.max(0, old.publicId().length() - 16)),
            null,
            old.id(),
            new NewExecution(null, 0, null, limit == null ? null : limit.group()),
            fromStep == null
                ? List.of()
                : Seeds.before(flow, fromStep, node.journal().reader().all(id)));
    try {
      return dispatch.starter().start(plan, Starter.KeyRow.NONE, limit);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public int running(Set<String> kinds) {
    return dispatch.running().count(kinds);
  }

  /** Something that an execution waits for has come. */
  public void wake(ExecutionId id) {
    dispatch.takeover().wake(id);
  }

  /** Takes over what a node was running that runs it no more. */
  public int recover(String deadNode) {
    dispatch.cancelling().expectStrays();
    return dispatch.takeover().recover(deadNode);
  }

  /** Wakes what is due. */
  public void sweep() {
    dispatch.sweep();
  }

  /** Deletes a bounded number of executions that ended before a time; returns how many. */
  public int deleteEndedBefore(Instant time) {
    return new RetentionStore(node.database()).deleteEndedBefore(Objects.requireNonNull(time), 500);
  }

  /** Begins nothing more, gives running steps time, lets the rest go. */
  public void drain(Duration atMost) {
    dispatch.drain(atMost);
  }

  /** Stops running at once and lets nothing go, as a killed process does. */
  public void abandon() {
    dispatch.abandon();
  }
}
