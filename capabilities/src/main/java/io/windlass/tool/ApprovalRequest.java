package io.windlass.tool;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The pre-tool {@code approval_request}: puts a question into the inbox and gives at once, as JSON,
 * how it can be answered; nothing waits for the answer. With the {@code token} of a question that
 * was asked before, it tells how that stands.
 */
public final class ApprovalRequest implements PreTool {
  private static final int LONGEST = 10_000;
  private static final double MOST_HOURS = 24 * 366;

  private final Requests requests;

  public ApprovalRequest(Requests requests) {
    this.requests = requests;
  }

  @Override
  public String name() {
    return "approval_request";
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) {
    String token = call.text("token").trim();
    if (!token.isEmpty()) {
      return json(
          requests
              .find(call.context(), token)
              .orElseThrow(() ->
                  new WindlassException(
                      ErrorCode.APPROVAL_NOT_FOUND,
                      "approval_request: there is no request with the token \"%s\"; give one that approval_request has made"
                          .formatted(token))));
    }
    String title = call.text("title").strip();
    String description = call.text("description").strip();
    if (title.length() + description.length() > LONGEST) {
      throw new WindlassException(
          ErrorCode.TOO_LARGE,
          "approval_request: title and description have %d characters, more than %d; shorten them"
              .formatted(title.length() + description.length(), LONGEST));
    }
    String asked = title.isEmpty() ? "Approval for step " + call.context().stepId() : title;
    double hours = call.number("expires_hours", 24, 0.01, MOST_HOURS);
    String prompt = description.isEmpty() ? asked : asked + "\n\n" + description;
    // A loop asks about each item under the same variable.
    UUID what = UUID.nameUUIDFromBytes(prompt.getBytes(StandardCharsets.UTF_8));
    return json(
        requests.ask(
            call.context(),
            "request:" + call.text("inject_as") + ":" + what,
            prompt,
            Duration.ofSeconds(Math.round(hours * 3_600))));
  }

  private static String json(Requests.Request request) {
    String decide = request.baseUrl() + "/v1/approvals/" + request.id() + "/decide";
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("status", request.status());
    result.put("token", request.id());
    result.put("prompt", request.prompt());
    result.put("expires_at", request.expiresAt());
    result.put("link", request.baseUrl() + "/v1/approvals/" + request.id());
    result.put("approve_link", decide);
    result.put(
        "commands",
        Map.of(
            "approve", command(decide, "approve"),
            "reject", command(decide, "reject")));
    if (request.by() != null) {
      result.put("decided_by", request.by());
      result.put("reason", request.reason());
    }
    return Json.write(result);
  }

  private static String command(String url, String choice) {
    return "curl -X POST %s -H 'Content-Type: application/json' -d '{\"choice\":\"%s\"}'"
        .formatted(url, choice);
  }
}
