package io.windlass.mcp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tool that a server offers.
 *
 * @param server the server's name in the settings
 * @param name the tool's name at its server
 * @param title for people; the name when it has none
 * @param description what it does; empty when the server says nothing
 * @param inputSchema the JSON Schema of its arguments
 * @param outputSchema the JSON Schema of its structured answer; null when it tells none
 * @param readOnly whether it says that a call changes nothing
 */
public record McpTool(
    String server,
    String name,
    String title,
    String description,
    ObjectNode inputSchema,
    @Nullable ObjectNode outputSchema,
    boolean readOnly) {

  /** Its name for models: {@code mcp__server__tool}, at most 64 letters, digits, - and _. */
  public String fullName() {
    String full = "mcp__" + sane(server) + "__" + sane(name);
    if (full.length() <= 64) {
      return full;
    }
    return full.substring(0, 55) + "_" + "%08x".formatted((server + "\0" + name).hashCode());
  }

  /** The same for {@code mcp__server}, which stands for all tools of it. */
  static List<String> serverNames(String server) {
    return List.of(server, "mcp__" + sane(server), "mcp__" + sane(server) + "__*", server + ".*");
  }

  private static String sane(String text) {
    return text.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
