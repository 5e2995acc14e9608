package io.windlass.agent;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The names by which documents call tools: our own, and those that chains in use write. */
final class ToolNames {
  static final String ALL = "*";
  private static final String MCP = "mcp__";
  private static final Pattern ODD = Pattern.compile("[^a-z0-9_-]");

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
    return ALSO.getOrDefault(lower, isOurs(lower) ? lower : name.strip());
  }

  /** Whether a name is one of a built-in tool, in whatever spelling. */
  static boolean isBuiltIn(String name) {
    return isOurs(own(whole(name)));
  }

  private static boolean isOurs(String lower) {
    return lower.equals("bash") || ALSO.containsValue(lower);
  }

  /** Without a restriction in parentheses, as in {@code Bash(git:*)}. */
  static String whole(String name) {
    int restriction = name.indexOf('(');
    return (restriction < 0 ? name : name.substring(0, restriction)).strip();
  }

  /**
   * Whether names as documents write them cover a tool: by its name, by that of its server ({@code
   * mcp__server}, {@code server}, {@code server.tool}), or all of them. In doubt they do, as people
   * are asked about what is covered: letter case, signs that names of tools cannot have, and
   * restrictions in parentheses make no difference.
   */
  static boolean cover(Collection<String> names, String tool) {
    String called = plain(tool);
    return names.stream().anyMatch(name -> covers(name.strip(), called));
  }

  private static boolean covers(String name, String called) {
    if (name.equals(ALL)) {
      return true;
    }
    String whole = whole(name);
    String plain = plain(own(whole));
    int dot = whole.indexOf('.');
    return plain.equals(called)
        || called.startsWith(plain + "__")
        || called.startsWith(MCP + plain + "__")
        || (dot > 0
            && called.equals(
                MCP + plain(whole.substring(0, dot)) + "__" + plain(whole.substring(dot + 1))));
  }

  private static String plain(String name) {
    return ODD.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("_");
  }
}
