package io.windlass.browser;

import io.windlass.step.FakeStepContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server that does nothing but hold a browser open, to be killed: tells its processes. */
final class BrowserHost {
  private BrowserHost() {}

  public static void main(String[] arguments) throws Exception {
    try (Browsers browsers =
        new Browsers(new BrowserConfig(null, null, Path.of(arguments[0])), host -> List.of())) {
      browsers.visit(
          Viewport.STANDARD,
          new FakeStepContext(),
          _ -> {
            System.out.println(
                Browsing.processesOf(browsers).stream()
                    .map(process -> "" + process.pid())
                    .collect(Collectors.joining(",")));
            return System.in.read();
          });
    }
  }

  /** Starts one in a process of its own. */
  static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            BrowserHost.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** What a line of processes names. */
  static List<ProcessHandle> read(String line) {
    return Stream.of(line.split(","))
        .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
        .toList();
  }
}
