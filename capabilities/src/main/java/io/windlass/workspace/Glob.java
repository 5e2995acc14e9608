package io.windlass.workspace;

import io.windlass.text.JsPattern;

/**
 * A path pattern: {@code *} and {@code ?} within a name, {@code **} across folders, {@code {a,b}}
 * and {@code [abc]}. Without a slash it is held against the name alone.
 */
final class Glob {
  private final JsPattern pattern;
  private final boolean nameOnly;

  Glob(String text) {
    String glob = text.startsWith("./") ? text.substring(2) : text;
    this.nameOnly = glob.indexOf('/') < 0;
    this.pattern = JsPattern.compile("^" + regex(glob) + "$");
  }

  /**
   * Whether the pattern fits.
   *
   * @param path relative to the folder that is looked in, with slashes
   */
  boolean fits(String path) {
    return pattern.finds(nameOnly ? path.substring(path.lastIndexOf('/') + 1) : path);
  }

  private static String regex(String glob) {
    StringBuilder out = new StringBuilder();
    boolean choice = false;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        out.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        out.append(".*");
        i++;
      } else if (c == '*') {
        out.append("[^/]*");
      } else if (c == '?') {
        out.append("[^/]");
      } else if (c == '{' && glob.indexOf('}', i) > i && !choice) {
        out.append("(?:");
        choice = true;
      } else if (c == '}' && choice) {
        out.append(')');
        choice = false;
      } else if (c == ',' && choice) {
        out.append('|');
      } else if (c == '[' && glob.indexOf(']', i) > i + 1) {
        int end = glob.indexOf(']', i);
        String set = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
        out.append('[').append(set.startsWith("!") ? "^" + set.substring(1) : set).append(']');
        i = end;
      } else {
        out.append("\\^$.|?*+()[]{}/".indexOf(c) >= 0 ? "\\" + c : String.valueOf(c));
      }
    }
    return out.toString();
  }
}
