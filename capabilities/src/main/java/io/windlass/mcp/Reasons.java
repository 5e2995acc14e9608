package io.windlass.mcp;

import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
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

  /** The same of a server that is reached by HTTP: whether anybody is there at all. */
  static String of(ServerConfig config, @Nullable Throwable thrown) {
    String url = config.url();
    for (Throwable at = thrown; at != null && url != null; at = at.getCause()) {
      if (at instanceof ConnectException
          || at instanceof ClosedChannelException
          || at instanceof UnresolvedAddressException) {
        return "cannot connect to %s: see whether the server runs there, and correct \"url\" in its settings if not"
            .formatted(url.replaceFirst("\\?.*", ""));
      }
    }
    return of(thrown);
  }

  /** Whether the protocol's own time for a handshake ran out, at whatever depth that is told. */
  private static boolean isTimeout(@Nullable Throwable thrown) {
    Throwable at = thrown;
    while (at != null && !(at instanceof TimeoutException)) {
      at = at.getCause();
    }
    return at != null;
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
    if (isTimeout(e)) {
      String said = e instanceof SessionOpener.Silent silent ? silent.said() : "";
      return "%s, it did not shake hands within %d ms%s; see whether that is an MCP server, or raise startup_timeout in its settings"
          .formatted(
              config.url() == null
                  ? "started as \"%s\"".formatted(config.command())
                  : "asked at " + String.valueOf(config.url()).replaceFirst("\\?.*", ""),
              config.startTimeout().toMillis(),
              said.isEmpty() ? "" : " (it printed: " + said + ")");
    }
    return switch (e) {
      case McpSession.ServerEnded ended -> "it does not start: " + of(ended);
      default -> of(config, e);
    };
  }
}
