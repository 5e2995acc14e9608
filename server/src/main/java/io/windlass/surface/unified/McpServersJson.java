package io.windlass.surface.unified;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The MCP servers of others whose tools chains may use, as they stand.
 *
 * @param settingsFile where their settings are read from
 * @param fault why that file cannot be used, the servers then being those of before; null when it
 *     can, or is not there
 */
@JsonNaming(SnakeCaseStrategy.class)
public record McpServersJson(
    List<McpServerJson> items, String settingsFile, @Nullable String fault) {
  public McpServersJson {
    items = List.copyOf(items);
  }

  /**
   * One of them.
   *
   * @param state stopped, starting, running, failed, disabled or invalid
   * @param tools how many it has; null before it was started
   * @param error why it cannot be used; null when it can
   */
  public record McpServerJson(
      String name,
      String title,
      String transport,
      String state,
      @Nullable Integer tools,
      @Nullable String error) {}
}
