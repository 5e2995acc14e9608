package io.windlass.mcp;

import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why a server failed. */
final class Reasons {
  private Reasons() {}

  static String of(@Nullable Throwable thrown) {
    Throwable at = thrown;
    while (at != null
        && at.getCause() != null
        && (at.getMessage() == null
            || at.getMessage().startsWith("Client failed to initialize")
            || at.getMessage().contains(at.getCause().getClass().getName()))) {
      at = at.getCause();
    }
    String message = at == null ? null : at.getMessage();
    return message == null || message.isBlank()
        ? at == null ? "unknown" : at.getClass().getSimpleName()
        : message;
  }

  /** Whether an answer over HTTP was longer than is taken; only its exception's text tells that. */
  static boolean isTooLong(Throwable thrown) {
    for (Throwable at = thrown; at != null; at = at.getCause()) {
      if (String.valueOf(at.getMessage()).contains("exceeds the maximum allowed size")) {
        return true;
      }
    }
    return false;
  }

  /** Why a start failed. */
  static String ofStart(ServerConfig config, Exception e) {
    return switch (e) {
      case TimeoutException _ ->
          "it did not shake hands within %d ms; raise startup_timeout in its settings"
              .formatted(config.startTimeout().toMillis());
      case McpSession.ServerEnded ended -> "it does not start: " + of(ended);
      default -> of(e);
    };
  }
}
