package io.windlass.surface.compute;

import io.windlass.http.ErrorRenderer;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The error body of this surface, with its types, codes and statuses. */
final class ErrorJson implements ErrorRenderer {
  /** How the paths of query parameters begin. */
  static final String QUERY = "?";

  private static final List<String> PREFIXES = List.of(QUERY, "input.");
  private static final int UNPROCESSABLE = 422;
  private static final int UNAVAILABLE = 503;
  private final InstantSource clock;

  ErrorJson(InstantSource clock) {
    this.clock = clock;
  }

  /** How an error is called. */
  private record Name(int status, String type, String code) {}

  @Override
  public Body render(ErrorRenderer.Fault fault) {
    Name name = name(fault);
    ObjectNode json = Json.object();
    ObjectNode error = json.putObject("error");
    error
        .put("type", name.type())
        .put("message", fault.message())
        .put("code", name.code())
        .set("details", details(fault.places()));
    error.put("timestamp", Words.instant(clock.instant())).put("request_id", fault.requestId());
    return new Body(name.status(), "application/json", json);
  }

  /** The same for a socket, which has no statuses. */
  static ObjectNode of(WindlassException e) {
    var fault =
        new ErrorRenderer.Fault(
            e.code().category().httpStatus(), e.code(), e.text(), "", "-", e.faults());
    Name name = name(fault);
    ObjectNode json =
        Json.object().put("type", name.type()).put("message", e.text()).put("code", name.code());
    json.set("details", details(e.faults()));
    return json;
  }

  private static Name name(ErrorRenderer.Fault fault) {
    ErrorCode code = fault.code();
    return code == null ? unrouted(fault.status()) : named(code, fault);
  }

  private static Name named(ErrorCode code, ErrorRenderer.Fault fault) {
    int status = fault.status();
    return switch (code) {
      // What can be read but breaks a rule is 422; what cannot be read is 400.
      case INVALID_INPUT ->
          new Name(
              isOfBody(fault.places()) ? UNPROCESSABLE : status,
              "ValidationError",
              "ERR_VALIDATION_001");
      case INVALID_DEFINITION, INVALID_NAME, INVALID_SCHEDULE ->
          new Name(UNPROCESSABLE, "ValidationError", "ERR_VALIDATION_001");
      case TOO_LARGE, UNSUPPORTED_TYPE -> new Name(status, "ValidationError", "ERR_VALIDATION_001");
      case UNAUTHENTICATED -> new Name(status, "ConfigurationError", "ERR_AUTH_001");
      case FORBIDDEN -> new Name(status, "ResourceError", "ERR_FORBIDDEN_001");
      case NOT_FOUND,
          DEFINITION_NOT_FOUND,
          EXECUTION_NOT_FOUND,
          APPROVAL_NOT_FOUND,
          SCHEDULE_NOT_FOUND,
          BUDGET_NOT_FOUND ->
          new Name(status, "ResourceError", "ERR_NOT_FOUND_001");
      // Where a field is named it is no execution that stands in the way.
      case WRONG_STATE, ALREADY_DECIDED, IDEMPOTENCY_MISMATCH, STALE_EPOCH ->
          new Name(
              status,
              fault.places().isEmpty() ? "ExecutionError" : "ResourceError",
              "ERR_CONFLICT_001");
      case TOO_MANY_EXECUTIONS, RATE_LIMITED -> new Name(status, "RateLimitError", "ERR_RATE_001");
      case BUDGET_REACHED -> new Name(status, "ResourceError", "ERR_RATE_001");
      case NOT_CONFIGURED -> new Name(status, "ConfigurationError", "ERR_CONFIG_001");
      case STEP_FAILED -> new Name(status, "ExecutionError", "ERR_EXEC_001");
      case MODEL_FAILED -> new Name(UNAVAILABLE, "NetworkError", "ERR_EXEC_001");
      case MCP_FAILED -> new Name(UNAVAILABLE, "NetworkError", "ERR_MCP_001");
      case MCP_TOOL_FAILED -> new Name(500, "ExecutionError", "ERR_MCP_002");
      case STORE_UNAVAILABLE -> new Name(status, "ResourceError", "ERR_DB_001");
      case SHUTTING_DOWN -> new Name(status, "ResourceError", "ERR_EXEC_001");
      case INTERNAL -> new Name(status, "ExecutionError", "ERR_INTERNAL_001");
    };
  }

  private static boolean isOfBody(List<io.windlass.kernel.Fault> faults) {
    return !faults.isEmpty() && !faults.getFirst().path().startsWith(QUERY);
  }

  /** What HTTP itself refused. */
  private static Name unrouted(int status) {
    if (status == 404) {
      return new Name(status, "ResourceError", "ERR_NOT_FOUND_001");
    }
    return status < 500
        ? new Name(status, "ValidationError", "ERR_VALIDATION_001")
        : new Name(status, "ExecutionError", "ERR_INTERNAL_001");
  }

  private static ObjectNode details(List<io.windlass.kernel.Fault> faults) {
    ObjectNode details = Json.object();
    if (faults.isEmpty()) {
      return details;
    }
    one(details, faults.getFirst());
    if (faults.size() > 1) {
      ArrayNode all = details.putArray("errors");
      faults.forEach(fault -> one(all.addObject().put("message", fault.reason()), fault));
    }
    return details;
  }

  /** An input is called by its own name, whatever kind of definition takes it. */
  private static String field(String path) {
    for (String before : PREFIXES) {
      if (path.startsWith(before)) {
        return path.substring(before.length());
      }
    }
    return path;
  }

  private static void one(ObjectNode details, io.windlass.kernel.Fault fault) {
    details.put("field", field(fault.path()));
    if (fault.value() != null) {
      details.set("value", fault.value());
    }
    @Nullable String constraint = fault.constraint();
    details.put("constraint", constraint == null ? fault.reason() : constraint);
  }
}
