package io.windlass.tool;

import io.windlass.step.State;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who chose the host of a URL in a document. */
public final class HostChoice {
  private static final Pattern NAMED = Pattern.compile("\\{(\\w+(?:\\.\\w+)*)");

  private HostChoice() {}

  /**
   * Whether the chain's author, or who started it, chose the host. They may name an inner server;
   * what a model or a tool has written may not.
   *
   * @param url as the document has it, not rendered
   */
  public static boolean isAuthors(String url, State state) {
    Matcher named = NAMED.matcher(url.substring(0, hostEnds(url)));
    while (named.find()) {
      String name = named.group(1);
      if (!name.startsWith("input.") && !isInput(name, state)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isInput(String name, State state) {
    return (!state.has(name) && !state.has(first(name)))
        || (state.has("input." + name) && state.text("input." + name).equals(state.text(name)));
  }

  private static String first(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static int hostEnds(String url) {
    int slashes = url.indexOf("://");
    if (slashes < 0) {
      return url.length();
    }
    for (int i = slashes + 3; i < url.length(); i++) {
      if ("/?#".indexOf(url.charAt(i)) >= 0) {
        return i;
      }
    }
    return url.length();
  }
}
