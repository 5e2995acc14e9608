package io.windlass.browser;

import java.util.List;
import java.util.stream.Stream;

/** What tests ask of a browser's processes. */
final class Browsing {
  private Browsing() {}

  /** The supervisors, their Chromiums and all that these started. */
  static List<ProcessHandle> processesOf(Browsers browsers) {
    return browsers.processes().stream()
        .flatMap(top -> Stream.concat(Stream.of(top), top.descendants()))
        .toList();
  }

  /** Waits until all of them have ended; the test's time-out is the bound. */
  static void awaitEnd(List<ProcessHandle> processes) {
    processes.forEach(process -> process.onExit().join());
  }
}
