package io.windlass.surface.unified;

import io.windlass.approval.Approval;
import io.windlass.approval.Approvals;
import io.windlass.approval.Decision;
import io.windlass.execution.Execution;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Page;
import io.windlass.kernel.WindlassException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Approvals in memory that a test asks. */
final class FakeApprovals implements Approvals {
  private final Map<UUID, Approval> all = new LinkedHashMap<>();

  synchronized Approval ask(Execution by, String owner, List<String> options) {
    Approval asked =
        new Approval(
            UUID.randomUUID(),
            by.id(),
            by.publicId(),
            by.kind(),
            by.name(),
            owner,
            "a",
            "gate",
            "gate",
            "Go on?",
            options,
            Instant.now(),
            by.createdAt(),
            null,
            null,
            null);
    all.put(asked.id(), asked);
    return asked;
  }

  @Override
  public boolean withdraw(UUID id, String by, String reason) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized Page<Approval> list(
      @Nullable Boolean open,
      @Nullable String kind,
      @Nullable ExecutionId within,
      @Nullable String cursor,
      int limit) {
    int from = cursor == null ? 0 : Integer.parseInt(cursor);
    List<Approval> found =
        all.values().stream()
            .filter(one -> open == null || one.isOpen() == open)
            .filter(one -> kind == null || one.definitionKind().equals(kind))
            .filter(one -> within == null || one.execution().equals(within))
            .skip(from)
            .limit(limit + 1L)
            .toList();
    return found.size() > limit
        ? new Page<>(found.subList(0, limit), Integer.toString(from + limit))
        : new Page<>(found, null);
  }

  @Override
  public synchronized long countOpen() {
    return all.values().stream().filter(Approval::isOpen).count();
  }

  @Override
  public synchronized Optional<Approval> find(UUID id) {
    return Optional.ofNullable(all.get(id));
  }

  @Override
  public synchronized Optional<Approval> findOpen(ExecutionId execution, String step) {
    return all.values().stream()
        .filter(one -> one.isOpen() && one.execution().equals(execution))
        .findFirst();
  }

  @Override
  public synchronized Approval request(Approval question) {
    all.put(question.id(), question);
    return question;
  }

  @Override
  public synchronized Approval decide(
      UUID id, String choice, String by, String from, @Nullable String reason) {
    Approval one =
        find(id).orElseThrow(() -> new WindlassException(ErrorCode.APPROVAL_NOT_FOUND, "no " + id));
    if (one.decision() != null) {
      throw new WindlassException(
          ErrorCode.ALREADY_DECIDED,
          "Decided already by " + one.decision().by() + ": " + one.decision().choice());
    }
    Approval decided =
        new Approval(
            one.id(),
            one.execution(),
            one.publicId(),
            one.definitionKind(),
            one.definitionName(),
            one.owner(),
            one.step(),
            one.key(),
            one.kind(),
            one.prompt(),
            one.options(),
            one.requestedAt(),
            one.executionStartedAt(),
            one.expiresAt(),
            one.onExpiry(),
            new Decision(choice, by, from, reason, Instant.now()));
    all.put(id, decided);
    return decided;
  }
}
