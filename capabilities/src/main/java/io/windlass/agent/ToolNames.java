package io.windlass.agent;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;

/** The names by which documents call tools: our own, and those that chains in use write. */
final class ToolNames {
  static final String ALL = "*";

  private static final Map<String, String> ALSO =
      Map.ofEntries(
          Map.entry("read", "read_file"),
          Map.entry("write", "write_file"),
          Map.entry("edit", "edit_file"),
          Map.entry("multiedit", "edit_file"),
          Map.entry("glob", "list_files"),
          Map.entry("ls", "list_files"),
          Map.entry("grep", "search_files"),
          Map.entry("shell", "bash"),
          Map.entry("webfetch", "http_fetch"),
          Map.entry("web_fetch", "http_fetch"),
          Map.entry("websearch", "web_search"),
          Map.entry("memory", "memory"));

  private ToolNames() {}

  /** The name of ours that a name stands for; the name itself when it is none of the others. */
  static String own(String name) {
    String lower = name.strip().toLowerCase(Locale.ROOT);
    return ALSO.getOrDefault(lower, lower.equals("bash") ? lower : name.strip());
  }

  /**
   * Whether names as documents write them cover a tool: by its name, by that of its server ({@code
   * mcp__server}), or all of them.
   */
  static boolean cover(Collection<String> names, String tool) {
    return names.stream()
        .anyMatch(name ->
            name.strip().equals(ALL)
                || own(name).equals(tool)
                || tool.startsWith(name.strip() + "__"));
  }
}
