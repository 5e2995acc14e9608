package io.windlass.kernel;

/** The stable codes of every error that a caller can meet. */
public enum ErrorCode {
  INVALID_INPUT(ErrorCategory.INVALID),
  INVALID_DEFINITION(ErrorCategory.INVALID),
  INVALID_NAME(ErrorCategory.INVALID),
  INVALID_SCHEDULE(ErrorCategory.INVALID),
  UNAUTHENTICATED(ErrorCategory.UNAUTHENTICATED),
  FORBIDDEN(ErrorCategory.FORBIDDEN),
  NOT_FOUND(ErrorCategory.NOT_FOUND),
  DEFINITION_NOT_FOUND(ErrorCategory.NOT_FOUND),
  EXECUTION_NOT_FOUND(ErrorCategory.NOT_FOUND),
  APPROVAL_NOT_FOUND(ErrorCategory.NOT_FOUND),
  SCHEDULE_NOT_FOUND(ErrorCategory.NOT_FOUND),
  BUDGET_NOT_FOUND(ErrorCategory.NOT_FOUND),
  WRONG_STATE(ErrorCategory.CONFLICT),
  ALREADY_DECIDED(ErrorCategory.CONFLICT),
  IDEMPOTENCY_MISMATCH(ErrorCategory.CONFLICT),
  STALE_EPOCH(ErrorCategory.CONFLICT),
  TOO_LARGE(ErrorCategory.TOO_LARGE),
  UNSUPPORTED_TYPE(ErrorCategory.UNSUPPORTED_TYPE),
  TOO_MANY_EXECUTIONS(ErrorCategory.TOO_MANY),
  BUDGET_REACHED(ErrorCategory.TOO_MANY),
  NOT_CONFIGURED(ErrorCategory.UNAVAILABLE),
  STEP_FAILED(ErrorCategory.INTERNAL),
  MODEL_FAILED(ErrorCategory.UPSTREAM),
  MCP_FAILED(ErrorCategory.UPSTREAM),
  STORE_UNAVAILABLE(ErrorCategory.UNAVAILABLE),
  SHUTTING_DOWN(ErrorCategory.UNAVAILABLE),
  INTERNAL(ErrorCategory.INTERNAL);

  private final ErrorCategory category;

  ErrorCode(ErrorCategory category) {
    this.category = category;
  }

  public ErrorCategory category() {
    return category;
  }
}
