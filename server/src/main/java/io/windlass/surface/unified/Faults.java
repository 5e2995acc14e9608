package io.windlass.surface.unified;

import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, so that its sender learns of everything at once. */
final class Faults {
  private final List<String> lines = new ArrayList<>();

  /** Neither may hold a line break: a fault is one line of the message. */
  void add(String path, String reason) {
    lines.add(path + ": " + reason.replace('\n', ' '));
  }

  /** Throws INVALID_INPUT with one {@code path: reason} line per fault, if there is any. */
  void check() {
    if (!lines.isEmpty()) {
      throw WindlassException.invalid("The request is not valid:\n" + String.join("\n", lines));
    }
  }
}
