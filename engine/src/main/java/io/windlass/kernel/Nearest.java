package io.windlass.kernel;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
public final class Nearest {
  private static final int MOST_EDITS = 3;

  /** Names shorter than this are parts of too many others. */
  private static final int SHORTEST_PART = 4;

  private Nearest() {}

  /**
   * The known name that is nearest: by a letter or two that differ, else one that is a part of the
   * other; empty when none is near. Letter case makes no difference.
   */
  public static Optional<String> of(String typed, Collection<String> known) {
    String wanted = typed.strip().toLowerCase(Locale.ROOT);
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String name : known) {
      int distance = distance(wanted, name.toLowerCase(Locale.ROOT));
      boolean sooner = nearest == null || name.compareTo(nearest) < 0;
      if (distance < least || (distance == least && distance < Integer.MAX_VALUE && sooner)) {
        least = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** What stands behind an error's text: {@code ; did you mean "agent"?}, or nothing. */
  public static String hint(String typed, Collection<String> known) {
    return of(typed, known).map(name -> "; did you mean \"" + name + "\"?").orElse("");
  }

  /** The greatest number when they are not near. */
  private static int distance(String typed, String name) {
    int allowed = Math.clamp(typed.length() / 3, 1, MOST_EDITS);
    if (Math.abs(typed.length() - name.length()) <= allowed) {
      int edits = edits(typed, name);
      if (edits <= allowed) {
        return edits;
      }
    }
    boolean isPart =
        Math.min(typed.length(), name.length()) >= SHORTEST_PART
            && (name.contains(typed) || typed.contains(name));
    return isPart ? MOST_EDITS + Math.abs(typed.length() - name.length()) : Integer.MAX_VALUE;
  }

  /** How many letters are put in, taken out, changed, or have changed places with the next. */
  private static int edits(String one, String other) {
    int[][] edits = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        edits[i][j] =
            Math.min(edits[i - 1][j - 1] + change, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        if (swapped) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[one.length()][other.length()];
  }
}
