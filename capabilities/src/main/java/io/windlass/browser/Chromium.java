package io.windlass.browser;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One running Chromium that a visit attaches to. It ends with this server, also when that is
 * killed: a small shell waits on a pipe for it.
 */
final class Chromium implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Duration END = Duration.ofSeconds(3);
  private static final String SUPERVISOR =
      """
      exec 3<&0 </dev/null
      "$@" 3<&- >/dev/null 2>&1 &
      child=$!
      { read -r _ <&3; kill -s KILL "$child"; } >/dev/null 2>&1 &
      watch=$!
      wait "$child"
      code=$?
      kill "$watch"
      exit "$code"
      """;
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-dev-shm-usage",
          "--disable-gpu",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-extensions",
          "--disable-sync",
          "--disable-breakpad",
          "--no-first-run",
          "--no-default-browser-check",
          "--mute-audio",
          "--hide-scrollbars",
          "--disable-features=OptimizationHints,MediaRouter,Translate",
          // Nothing goes past the proxy: no name is resolved here, no media stream connects.
          "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
          "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
          "--proxy-bypass-list=<-loopback>",
          "--remote-debugging-port=0");

  private final Process process;
  private final Path folder;
  private final String endpoint;

  private Chromium(Process process, Path folder, String endpoint) {
    this.process = process;
    this.folder = folder;
    this.endpoint = endpoint;
  }

  static Chromium start(String program, int proxyPort) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("windlass-browser-");
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", SUPERVISOR, "windlass"));
    command.add(program);
    command.addAll(FLAGS);
    command.add("--proxy-server=socks5://127.0.0.1:" + proxyPort);
    command.add("--user-data-dir=" + folder);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean started = false;
    try {
      Chromium chromium = new Chromium(process, folder, endpoint(process, folder, program));
      started = true;
      return chromium;
    } finally {
      if (!started) {
        new Chromium(process, folder, "").close();
      }
    }
  }

  /** Chromium writes its port once it listens. */
  private static String endpoint(Process process, Path folder, String program)
      throws IOException, InterruptedException {
    Path file = folder.resolve("DevToolsActivePort");
    long until = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < until) {
      if (Files.exists(file)) {
        List<String> lines = Files.readAllLines(file);
        if (lines.size() >= 2) {
          return "ws://127.0.0.1:" + lines.get(0).strip() + lines.get(1).strip();
        }
      }
      if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "%s ended with code %d before it could be used; run it by hand with --headless=new to"
                    .formatted(program, process.exitValue())
                + " see why");
      }
    }
    throw new IOException(program + " did not start within " + START.toSeconds() + " s");
  }

  String endpoint() {
    return endpoint;
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // Closed already.
    }
    boolean interrupted = Thread.interrupted();
    try {
      process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    all.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      delete(folder);
    } catch (IOException | UncheckedIOException e) {
      // A dying process still writes there; the temp folder is cleaned by the system.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
