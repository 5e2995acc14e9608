package io.windlass.http;

import io.windlass.kernel.ErrorCode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How a surface words an error: the body that its contract documents. */
@FunctionalInterface
public interface ErrorRenderer {
  Body render(Fault fault);

  /**
   * What went wrong.
   *
   * @param status the HTTP status that the category asks for
   * @param code the stable code; null when HTTP itself refused (unknown route, method, …)
   * @param message for people
   * @param path of the request
   * @param requestId the id under which the log has it
   * @param places each thing at fault, where the error knows them
   */
  record Fault(
      int status,
      @Nullable ErrorCode code,
      String message,
      String path,
      String requestId,
      List<io.windlass.kernel.Fault> places) {

    /** A fault of the request as a whole. */
    public Fault(
        int status, @Nullable ErrorCode code, String message, String path, String requestId) {
      this(status, code, message, path, requestId, List.of());
    }
  }

  /**
   * The answer.
   *
   * @param status usually that of the fault
   * @param contentType {@code application/json}, {@code application/problem+json}
   * @param json the body
   */
  record Body(int status, String contentType, JsonNode json) {}
}
