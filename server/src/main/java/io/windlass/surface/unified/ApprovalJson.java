package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.approval.Approval;
import io.windlass.approval.Decision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/** A question to a person, on the wire. */
@JsonNaming(SnakeCaseStrategy.class)
record ApprovalJson(
    String id,
    String executionId,
    String publicId,
    String definitionKind,
    String definitionName,
    String owner,
    String step,
    String key,
    String kind,
    String prompt,
    List<String> options,
    String status,
    Instant requestedAt,
    Instant executionStartedAt,
    @Nullable Instant expiresAt,
    @Nullable String onExpiry,
    @Nullable DecisionJson decision,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String path) {

  static ApprovalJson of(Approval one) {
    return of(one, null);
  }

  /**
   * A question with the way to it.
   *
   * @param path the steps from the execution that was asked for; null when none was
   */
  static ApprovalJson of(Approval one, @Nullable String path) {
    return new ApprovalJson(
        one.id().toString(),
        one.execution().toString(),
        one.publicId(),
        one.definitionKind(),
        one.definitionName(),
        one.owner(),
        one.step(),
        one.key(),
        one.kind(),
        one.prompt(),
        one.options(),
        one.isOpen() ? "open" : "decided",
        one.requestedAt(),
        one.executionStartedAt(),
        one.expiresAt(),
        one.onExpiry(),
        one.decision() == null ? null : DecisionJson.of(one.decision()),
        path);
  }

  /** How it was decided. */
  @JsonNaming(SnakeCaseStrategy.class)
  record DecisionJson(
      @Nullable String choice, String by, String from, @Nullable String reason, Instant at) {

    static DecisionJson of(Decision decision) {
      return new DecisionJson(
          decision.choice(), decision.by(), decision.from(), decision.reason(), decision.at());
    }
  }
}
