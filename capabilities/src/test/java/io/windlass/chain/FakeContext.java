package io.windlass.chain;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.Answer;
import io.windlass.step.ChildResult;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A step's surroundings in memory: what it may know is set, what it said is kept. */
final class FakeContext implements StepContext {
  static final ExecutionId EXECUTION =
      new ExecutionId(UUID.fromString("01900000-0000-7000-8000-000000000001"));
  final Map<String, Answer> answers = new HashMap<>();
  final Map<String, ChildResult> children = new HashMap<>();
  final List<String> outputs = new ArrayList<>();
  final List<String> logs = new ArrayList<>();
  State state;
  String definition = "parent";
  int depth;
  int attempt = 1;

  FakeContext(State state) {
    this.state = state;
  }

  static FakeContext with(String... namesAndValues) {
    return new FakeContext(state(namesAndValues));
  }

  static State state(String... namesAndValues) {
    State state = State.EMPTY;
    for (int i = 0; i < namesAndValues.length; i += 2) {
      state = state.with(namesAndValues[i], Json.text(namesAndValues[i + 1]));
    }
    return state;
  }

  FakeContext answered(String key, String choice, @Nullable String reason) {
    answers.put(key, new Answer(choice, "ann", reason, Instant.EPOCH, false));
    return this;
  }

  FakeContext child(String key, String result) {
    children.put(key, new ChildResult(EXECUTION, "c1", true, Json.text(result), null));
    return this;
  }

  FakeContext failedChild(String key, String error) {
    children.put(key, new ChildResult(EXECUTION, "c1", false, Json.text(""), error));
    return this;
  }

  @Override
  public ExecutionId execution() {
    return EXECUTION;
  }

  @Override
  public String publicId() {
    return "e1";
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
    return "step";
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
    return InstantSource.fixed(Instant.EPOCH);
  }

  @Override
  public JsonNode once(Effect effect, Callable<JsonNode> action) throws Exception {
    return action.call();
  }

  @Override
  public String idempotencyKey(String effectKey) {
    return effectKey;
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

  @Override
  public void output(String chunk) {
    outputs.add(chunk);
  }

  @Override
  public void log(LogLevel level, String message) {
    logs.add(level + " " + message);
  }

  @Override
  public void cacheHit() {}

  @Override
  public void use(Usage usage) {}

  @Override
  public AutoCloseable onCancel(Runnable action) {
    return () -> {};
  }
}
