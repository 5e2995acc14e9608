package io.windlass.app;

import java.util.Collection;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
final class Nearest {
  private static final int FARTHEST = 3;

  private Nearest() {}

  static Optional<String> of(String typed, Collection<String> known) {
    String nearest = null;
    int least = FARTHEST + 1;
    for (String name : known) {
      int distance = distance(typed, name);
      if (distance < least) {
        least = distance;
        nearest = name;
      }
    }
    return Optional.ofNullable(nearest);
  }

  /** How many letters have to be put in, taken out or changed. */
  private static int distance(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int column = 0; column < row.length; column++) {
      row[column] = column;
    }
    for (int line = 1; line <= one.length(); line++) {
      int diagonal = row[0];
      row[0] = line;
      for (int column = 1; column < row.length; column++) {
        int change = one.charAt(line - 1) == other.charAt(column - 1) ? 0 : 1;
        int best = Math.min(diagonal + change, Math.min(row[column], row[column - 1]) + 1);
        diagonal = row[column];
        row[column] = best;
      }
    }
    return row[other.length()];
  }
}
