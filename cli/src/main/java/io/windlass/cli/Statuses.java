package io.windlass.cli;

import java.util.List;

/** What can be said of an execution, as the API words it. */
final class Statuses {
  /** Of those that have not ended. */
  static final List<String> OPEN = List.of("queued", "running", "waiting");

  static final List<String> ALL =
      List.of("queued", "running", "waiting", "succeeded", "failed", "cancelled");

  private Statuses() {}
}
