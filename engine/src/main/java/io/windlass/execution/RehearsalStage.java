package io.windlass.execution;

import io.windlass.approval.Decision;
import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Flow;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.MemoryJournal;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Ids;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.step.ChildRequest;
import io.windlass.step.ChildResult;
import io.windlass.step.Question;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** The house around the runners of one rehearsal: all of it in memory, and gone after it. */
final class RehearsalStage implements RunnerPort, AutoCloseable {
  static final String NODE = "rehearsal";
  private static final Duration FAREWELL = Duration.ofSeconds(10);

  private final Map<String, DefinitionKind> kinds;
  private final BiFunction<String, String, Definition> stored;
  private final InstantSource clock;
  private final Rehearsal.Limits limits;
  private final MemoryJournal journal;
  private final Ids ids;
  private final OutputFlusher flusher = new OutputFlusher();
  private final AtomicReference<Duration> skipped = new AtomicReference<>(Duration.ZERO);
  private final Map<ExecutionId, RehearsalPart> parts = new ConcurrentHashMap<>();
  private final Map<String, String> consents = new ConcurrentHashMap<>();
  private final Map<UUID, Decision> decisions = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor timers =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name("rehearsal").daemon().factory());
  private volatile @Nullable String closed;

  RehearsalStage(
      Map<String, DefinitionKind> kinds,
      BiFunction<String, String, Definition> stored,
      InstantSource clock,
      Rehearsal.Limits limits) {
    this.kinds = kinds;
    this.stored = stored;
    this.clock = () -> clock.instant().plus(skipped.get());
    this.limits = limits;
    this.journal = new MemoryJournal(this.clock, this::told);
    this.ids = new TimeOrderedIds(this.clock, RandomGenerator.getDefault());
    timers.setRemoveOnCancelPolicy(true);
    timers.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
  }

  Rehearsed play(String kind, String name, String source, ObjectNode input)
      throws InterruptedException {
    RehearsalPart first = begin(kind, name, source, input, null, 0);
    try {
      first.end().get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      String why = "the dry run's limit of %d s".formatted(limits.time().toSeconds());
      closed = why;
      parts.values().forEach(part -> part.cancel(why));
      awaitFarewell(first);
    } catch (ExecutionException e) {
      throw new WindlassException(
          ErrorCode.INTERNAL, "The rehearsal broke off: " + e.getCause(), e);
    }
    return first.told(parts);
  }

  private static void awaitFarewell(RehearsalPart part) throws InterruptedException {
    try {
      part.end().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new WindlassException(
          ErrorCode.INTERNAL,
          "The rehearsal could not be stopped at its time limit: a step ignores its interruption",
          e);
    }
  }

  private RehearsalPart begin(
      String kind,
      String name,
      String source,
      ObjectNode input,
      @Nullable Execution parent,
      int depth) {
    DefinitionKind format = kinds.get(kind);
    if (format == null) {
      throw WindlassException.invalid(
          "Definitions of kind \"%s\" cannot be rehearsed".formatted(kind));
    }
    if (parts.size() >= limits.executions()) {
      throw new WindlassException(
          ErrorCode.STEP_FAILED,
          "A dry run ends at %d executions; \"%s\" would be one more"
              .formatted(limits.executions(), name));
    }
    Flow flow = listening(format.compile(name, source));
    var state = format.begin(name, source, input);
    Execution execution = execution(kind, name, input, parent);
    RehearsalPart part = new RehearsalPart(execution, depth, flow, journal, this);
    parts.put(execution.id(), part);
    part.begin(new Event.ExecutionStarted(kind, name, state.values()));
    return part;
  }

  private Execution execution(
      String kind, String name, ObjectNode input, @Nullable Execution parent) {
    ExecutionId id = new ExecutionId(ids.next());
    return new Execution(
        id,
        id.hex(),
        kind,
        name,
        id.value(),
        NODE,
        NODE,
        ExecutionStatus.RUNNING,
        input,
        null,
        null,
        Usage.NONE,
        clock.instant(),
        null,
        parent == null ? null : parent.id(),
        null,
        1,
        NODE);
  }

  /** The same flow, with an ear for what its questions can be answered with. */
  private Flow listening(Flow flow) {
    return new Flow(
        flow.nodes().stream()
            .map(node ->
                node.with(context -> {
                  StepOutcome outcome = node.step().run(context);
                  if (outcome instanceof StepOutcome.Ask(String key, Question question)) {
                    List<String> options = question.options();
                    consents.put(
                        question(context.execution(), node.id(), key),
                        options.isEmpty() ? Question.APPROVE : options.getFirst());
                  }
                  return outcome;
                }))
            .toList(),
        flow.result(),
        flow.stepLimit(),
        flow.timeout(),
        flow.reduction(),
        flow.ownBounds(),
        flow.caveat());
  }

  private static String question(ExecutionId execution, String step, String key) {
    return execution + "/" + step + "/" + key;
  }

  /** Everything that happens comes by here; questions are answered on the spot. */
  private void told(ExecutionId execution, List<Entry> entries) {
    RehearsalPart part = parts.get(execution);
    if (part == null) {
      return;
    }
    part.add(entries);
    for (Entry entry : entries) {
      if (entry.event() instanceof Event.ApprovalAsked asked) {
        String consent =
            consents.getOrDefault(question(execution, asked.step(), asked.key()), Question.APPROVE);
        decisions.put(asked.approval(), new Decision(consent, NODE, NODE, null, clock.instant()));
        part.wake();
      }
    }
  }

  @Override
  public InstantSource clock() {
    return clock;
  }

  @Override
  public UUID newId() {
    return ids.next();
  }

  @Override
  public double random() {
    return 1;
  }

  @Override
  public OutputFlusher flusher() {
    return flusher;
  }

  @Override
  public Future<?> after(Duration delay, Runnable action) {
    return timers.schedule(action, Math.max(0, delay.toMillis()), TimeUnit.MILLISECONDS);
  }

  /** Nothing happens in that time, so it is skipped. */
  @Override
  public Future<?> pause(Duration delay, Runnable action) {
    if (delay.isPositive()) {
      skipped.accumulateAndGet(delay, Duration::plus);
    }
    action.run();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Execution child(Execution parent, int depth, String key, ChildRequest request) {
    Starter.checkDepth(depth + 1, request);
    Definition definition = stored.apply(request.kind(), request.name());
    return begin(
            request.kind(), request.name(), definition.source(), request.input(), parent, depth + 1)
        .execution();
  }

  /** Nobody tells a rehearsal to stop gracefully. */
  @Override
  public Optional<Execution> childUnderWay(Execution parent, String key) {
    return Optional.empty();
  }

  @Override
  public void stop(List<ExecutionId> children, String by) {}

  @Override
  public void giveUp(List<ExecutionId> children) {}

  @Override
  public Optional<ChildResult> childResult(ExecutionId child) {
    return Optional.ofNullable(parts.get(child)).flatMap(RehearsalPart::result);
  }

  @Override
  public Optional<Decision> decision(UUID approval) {
    return Optional.ofNullable(decisions.get(approval));
  }

  @Override
  public void clearWake(ExecutionId execution) {
    // Nothing is stored here, and so nothing is marked.
  }

  @Override
  public void ended(Execution execution, ExecutionStatus status, List<ExecutionId> children) {
    RehearsalPart parent = execution.parent() == null ? null : parts.get(execution.parent());
    if (parent != null) {
      parent.wake();
    }
    if (status != ExecutionStatus.SUCCEEDED) {
      children.forEach(child -> {
        RehearsalPart part = parts.get(child);
        if (part != null) {
          part.cancel("its parent");
        }
      });
    }
  }

  @Override
  public void left(Runner runner, boolean parked) {
    RehearsalPart part = parts.get(runner.execution().id());
    if (part != null) {
      part.left(runner, parked);
    }
  }

  @Override
  public @Nullable String draining() {
    return closed;
  }

  @Override
  public void close() {
    closed = "the rehearsal is over";
    timers.shutdownNow();
  }
}
