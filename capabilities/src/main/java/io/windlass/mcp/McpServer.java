package io.windlass.mcp;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a server of the settings is.
 *
 * @param name its key in the settings
 * @param title for people
 * @param description what its settings or it itself say of it; may be empty
 * @param transport {@code stdio} or {@code http}
 * @param state where it stands
 * @param version what it says of itself; null before it was started
 * @param capabilities {@code tools}, {@code resources}, …; empty before it was started
 * @param tools how many tools it has; null before it was started
 * @param checkedAt when something was heard of it last; null before
 * @param responseMillis how long its last answer to a check took; null before and when it failed
 * @param error why it cannot be used; null when it can
 */
public record McpServer(
    String name,
    String title,
    String description,
    String transport,
    State state,
    @Nullable String version,
    List<String> capabilities,
    @Nullable Integer tools,
    @Nullable Instant checkedAt,
    @Nullable Long responseMillis,
    @Nullable String error) {
  public McpServer {
    capabilities = List.copyOf(capabilities);
  }

  /** Where a server stands. */
  public enum State {
    /** Not started, as nobody has needed it yet, or as it was idle. */
    STOPPED,
    STARTING,
    RUNNING,
    /** Its last start or call broke it; it is tried again when it is needed. */
    FAILED,
    /** Turned off in the settings. */
    DISABLED,
    /** Its settings cannot be used. */
    INVALID;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
