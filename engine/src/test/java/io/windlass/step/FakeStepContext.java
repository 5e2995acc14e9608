package io.windlass.step;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A step context that keeps its journal in memory, so that a second run is a replay. */
public final class FakeStepContext implements StepContext {
  public static final Instant NOW = Instant.parse("2026-03-29T14:00:00Z");

  private final State state;
  private final Map<String, JsonNode> journal = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, ChildResult> children = new ConcurrentHashMap<>();
  private final Set<String> reruns = ConcurrentHashMap.newKeySet();
  private final List<Effect> effects = new CopyOnWriteArrayList<>();
  private final List<String> logs = new CopyOnWriteArrayList<>();
  private final List<String> chunks = new CopyOnWriteArrayList<>();
  private final List<Usage> usages = new CopyOnWriteArrayList<>();
  private final List<Runnable> cancelHooks = new CopyOnWriteArrayList<>();
  private final List<Runnable> endings = new CopyOnWriteArrayList<>();
  private volatile boolean cacheHit;
  private String definition = "test-chain";
  private int depth;
  private int attempt = 1;

  public FakeStepContext() {
    this(State.EMPTY);
  }

  public FakeStepContext(State state) {
    this.state = state;
  }

  /** A context with text variables: names and values in turn. */
  public static FakeStepContext with(String... namesAndValues) {
    return new FakeStepContext(state(namesAndValues));
  }

  /** Text variables: names and values in turn. */
  public static State state(String... namesAndValues) {
    State state = State.EMPTY;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      state = state.with(namesAndValues[i], Json.text(namesAndValues[i + 1]));
    }
    return state;
  }

  /** Everything that effects recorded, by key. */
  public Map<String, JsonNode> journal() {
    return journal;
  }

  /** Effects that were really done, in order. */
  public List<Effect> effects() {
    return effects;
  }

  /** Log lines as {@code level: message}. */
  public List<String> logs() {
    return logs;
  }

  public List<String> chunks() {
    return chunks;
  }

  public List<Usage> usages() {
    return usages;
  }

  public boolean wasCacheHit() {
    return cacheHit;
  }

  /** Runs as a step of this definition, with so many ancestors. */
  public FakeStepContext inside(String name, int ancestors) {
    definition = name;
    depth = ancestors;
    return this;
  }

  public FakeStepContext attempt(int number) {
    attempt = number;
    return this;
  }

  public FakeStepContext answered(String key, String choice, @Nullable String reason) {
    answers.put(key, new Answer(choice, "ann", reason, NOW, false));
    return this;
  }

  /** Nobody answered in time, and no choice was set for that. */
  public FakeStepContext expired(String key) {
    answers.put(key, new Answer(null, "expiry", null, NOW, true));
    return this;
  }

  public FakeStepContext child(String key, String result) {
    children.put(key, new ChildResult(execution(), "c1", true, Json.text(result), null));
    return this;
  }

  public FakeStepContext failedChild(String key, String error) {
    children.put(key, new ChildResult(execution(), "c1", false, Json.text(""), error));
    return this;
  }

  /** Runs the hooks that are registered at this moment, as a cancel does. */
  public void cancel() {
    new ArrayList<>(cancelHooks).forEach(Runnable::run);
  }

  public int cancelHooks() {
    return cancelHooks.size();
  }

  @Override
  public ExecutionId execution() {
    return new ExecutionId(new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L));
  }

  @Override
  public String publicId() {
    return "1a2b3c4d5e6f7890";
  }

  @Override
  public String definitionKind() {
    return "chain";
  }

  @Override
  public String definitionName() {
    return definition;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public String stepId() {
    return "test-step";
  }

  @Override
  public int attempt() {
    return attempt;
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public InstantSource clock() {
    return InstantSource.fixed(NOW);
  }

  @Override
  public JsonNode perform(Effect effect, Callable<EffectResult> action) throws Exception {
    JsonNode known = journal.get(effect.key());
    if (known != null) {
      return known;
    }
    effects.add(effect);
    JsonNode result = action.call().value();
    journal.put(effect.key(), result);
    return result;
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return publicId() + ":" + stepId() + ":" + effectKey;
  }

  @Override
  public Optional<Answer> answer(String key) {
    return Optional.ofNullable(answers.get(key));
  }

  @Override
  public Optional<ChildResult> child(String key) {
    return Optional.ofNullable(children.get(key));
  }

  @Override
  public boolean slept(String key) {
    return false;
  }

  /** The step that this key named has been run again. */
  public FakeStepContext reran(String key) {
    reruns.add(key);
    return this;
  }

  @Override
  public boolean ranAgain(String key) {
    return reruns.contains(key);
  }

  @Override
  public void output(String chunk) {
    chunks.add(chunk);
  }

  @Override
  public void log(LogLevel level, String message) {
    logs.add(level.name().toLowerCase(java.util.Locale.ROOT) + ": " + message);
  }

  @Override
  public void cacheHit() {
    cacheHit = true;
  }

  @Override
  public void use(Usage usage) {
    usages.add(usage);
  }

  @Override
  public void atEnd(Runnable action) {
    endings.add(action);
  }

  /** Does what the step wanted done at its end. */
  public void end() {
    endings.forEach(Runnable::run);
    endings.clear();
  }

  @Override
  public Usage consumed() {
    return usages.stream().reduce(Usage.NONE, Usage::plus);
  }

  @Override
  public AutoCloseable onCancel(Runnable action) {
    cancelHooks.add(action);
    return () -> cancelHooks.remove(action);
  }
}
