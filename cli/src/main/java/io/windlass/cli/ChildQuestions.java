package io.windlass.cli;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Looks now and then, while an execution is followed, for what its children ask: its own events do
 * not tell that.
 */
final class ChildQuestions implements AutoCloseable {
  private static final long EVERY_MS = 1_000;

  private final Http unified;
  private final String execution;
  private final Consumer<RunEvent> listener;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** The steps whose questions the followed events told. */
  private final Set<String> known = new HashSet<>();

  private final Map<String, OpenQuestion> told = new LinkedHashMap<>();
  private Set<String> before = Set.of();

  /**
   * @param listener told of each question once, and of its answer
   */
  ChildQuestions(Http unified, String execution, Consumer<RunEvent> listener) {
    this.unified = unified;
    this.execution = execution;
    this.listener = listener;
  }

  ChildQuestions start() {
    Thread.ofVirtual().name("questions").start(this::watch);
    return this;
  }

  /** What the execution's own events tell needs no second telling. */
  synchronized void heard(RunEvent event) {
    if (event instanceof RunEvent.Asked asked) {
      known.add(asked.step());
    }
  }

  private void watch() {
    try {
      while (!closed.await(EVERY_MS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      tell(new Inbox(unified).within(execution));
    } catch (CliException e) {
      // Whoever follows the execution says that the server is away.
      return;
    }
  }

  private synchronized void tell(List<JsonNode> approvals) {
    Map<String, OpenQuestion> open = new LinkedHashMap<>();
    for (JsonNode approval : approvals) {
      OpenQuestion one = OpenQuestion.of(execution, approval);
      if (!one.child().isEmpty() && !known.contains(one.path())) {
        open.put(one.id(), one);
      }
    }
    for (String id : List.copyOf(told.keySet())) {
      OpenQuestion one = told.get(id);
      if (one != null && !open.containsKey(id) && closed.getCount() > 0) {
        told.remove(id);
        listener.accept(answer(one));
      }
    }
    for (OpenQuestion one : open.values()) {
      // The second time, because the execution's own events may be about to tell it.
      if (before.contains(one.id()) && !told.containsKey(one.id()) && closed.getCount() > 0) {
        told.put(one.id(), one);
        listener.accept(new RunEvent.Asked(one.path(), one.id(), one.prompt(), one.child()));
      }
    }
    before = Set.copyOf(open.keySet());
  }

  private RunEvent.ChildAnswered answer(OpenQuestion one) {
    JsonNode decision = unified.get(Http.path("v1", "approvals", one.id())).path("decision");
    String choice = Documents.text(decision, "choice");
    return new RunEvent.ChildAnswered(
        one.path(),
        one.id(),
        choice.isEmpty() ? "closed" : choice,
        Documents.text(decision, "reason"));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
