package io.windlass.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A client program of {@code src/test/node}, with the packages that its lock file pins. */
final class NodeClient implements AutoCloseable {
  private static final Path SOURCES = Path.of("src", "test", "node");
  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reading;

  private NodeClient(Process process) {
    this.process = process;
    this.reading =
        Thread.startVirtualThread(
            () -> process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add));
  }

  /** Starts a program, which prints on stdout what it sees. */
  static NodeClient start(String program, String... arguments)
      throws IOException, InterruptedException {
    Path folder = installed();
    Path copy = folder.resolve(program);
    Files.copy(SOURCES.resolve(program), copy, StandardCopyOption.REPLACE_EXISTING);
    List<String> line = new ArrayList<>(List.of("node", program));
    line.addAll(List.of(arguments));
    return new NodeClient(
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Waits until it has printed a line with this text. */
  void awaitLine(String text) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (lines.stream().noneMatch(line -> line.contains(text))) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the client did not see " + text + ", but " + lines);
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /**
   * The lines up to the program's own end.
   *
   * @throws AssertionError when it has not ended by itself in time, or not well
   */
  List<String> linesToItsEnd(long seconds) throws InterruptedException {
    boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
    process.destroyForcibly();
    reading.join();
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(
          (ended ? "the client ended badly: " : "the client goes on: ") + String.join("\n", lines));
    }
    return lines;
  }

  /** Installs what the lock file pins, unless that was done already. */
  private static synchronized Path installed() throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "node"));
    Path done = folder.resolve("installed-lock.json");
    Path lock = SOURCES.resolve("package-lock.json");
    if (Files.exists(done) && Files.mismatch(done, lock) < 0) {
      return folder;
    }
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(SOURCES.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Process npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.log").toFile())
            .start();
    if (!npm.waitFor(120, TimeUnit.SECONDS) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IllegalStateException(
          "npm ci failed in " + folder + ":\n" + Files.readString(folder.resolve("npm.log")));
    }
    Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    return folder;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
