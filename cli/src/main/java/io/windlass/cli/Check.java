package io.windlass.cli;

import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that the doctor looked at.
 *
 * @param name what
 * @param state how it is
 * @param detail what was seen
 * @param remedy what to do; empty when nothing need be done
 */
record Check(String name, State state, String detail, String remedy) {
  /** How it is. */
  enum State {
    OK,
    NOTE,
    MISSING
  }

  static Check ok(String name, String detail) {
    return new Check(name, State.OK, detail, "");
  }

  /** Windlass works without it. */
  static Check note(String name, String detail, String remedy) {
    return new Check(name, State.NOTE, detail, remedy);
  }

  static Check missing(String name, String detail, String remedy) {
    return new Check(name, State.MISSING, detail, remedy);
  }

  ObjectNode json() {
    return Documents.object()
        .put("name", name)
        .put("state", state.name().toLowerCase(Locale.ROOT))
        .put("detail", detail)
        .put("remedy", remedy);
  }
}
