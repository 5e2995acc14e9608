package io.windlass.app;

import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.approval.Decision;
import io.windlass.engine.Engine;
import io.windlass.execution.Execution;
import io.windlass.kernel.Ids;
import io.windlass.step.Question;
import io.windlass.step.StepContext;
import io.windlass.tool.Requests;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Questions that pre-tools put into the engine's inbox. */
final class EngineRequests implements Requests {
  private final Supplier<Engine> engine;
  private final Supplier<String> baseUrl;
  private final Ids ids;
  private final InstantSource clock;

  EngineRequests(Supplier<Engine> engine, Supplier<String> baseUrl, Ids ids, InstantSource clock) {
    this.engine = engine;
    this.baseUrl = baseUrl;
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public Request ask(StepContext step, String key, String prompt, Duration expiresAfter) {
    Execution execution = engine.get().executions().get(step.execution());
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return told(
        engine
            .get()
            .approvals()
            .request(
                new Approval(
                    ids.next(),
                    execution.id(),
                    execution.publicId(),
                    execution.kind(),
                    execution.name(),
                    execution.owner(),
                    step.stepId(),
                    key,
                    Approvals.REQUEST,
                    prompt,
                    List.of(Question.APPROVE, Question.REJECT),
                    now,
                    execution.createdAt(),
                    now.plus(expiresAfter),
                    null,
                    null)));
  }

  @Override
  public Optional<Request> find(StepContext step, String id) {
    UUID known;
    try {
      known = UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String owner = engine.get().executions().get(step.execution()).owner();
    return engine
        .get()
        .approvals()
        .find(known)
        .filter(found -> found.kind().equals(Approvals.REQUEST) && found.owner().equals(owner))
        .map(this::told);
  }

  private Request told(Approval approval) {
    Decision decision = approval.decision();
    return new Request(
        approval.id().toString(),
        status(decision),
        approval.prompt(),
        approval.expiresAt(),
        decision == null ? null : decision.by(),
        decision == null ? null : decision.reason(),
        baseUrl.get());
  }

  private static String status(@Nullable Decision decision) {
    if (decision == null) {
      return "pending";
    }
    return switch (decision.choice()) {
      case Question.APPROVE -> "approved";
      case null -> "expired";
      default -> "rejected";
    };
  }
}
