package io.windlass.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of {@code src/test/programs}, in the versions that its lock file pins. */
public final class NodePrograms {
  private static final Path SOURCES = Path.of("src", "test", "programs");

  private NodePrograms() {}

  /** Installs them, unless that was done already, and tells where a program is. */
  public static synchronized Path program(String name) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "programs")).toAbsolutePath();
    Path done = folder.resolve("ready-lock.json");
    Path lock = SOURCES.resolve("package-lock.json");
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!Files.exists(done) || Files.mismatch(done, lock) >= 0) {
        install(folder);
        Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return installed(folder, name);
  }

  private static Path installed(Path folder, String name) {
    return folder.resolve("node_modules").resolve(".bin").resolve(name);
  }

  private static void install(Path folder) throws IOException, InterruptedException {
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(SOURCES.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    run(folder, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--include=optional");
    // npm runs a package's scripts or does not, by its version and settings. This one puts the
    // program for this machine in the place of a stand-in, and must run in any case.
    run(folder, "node", "node_modules/@anthropic-ai/claude-code/install.cjs");
    for (String name : List.of("claude", "codex")) {
      run(folder, installed(folder, name).toString(), "--version");
    }
  }

  private static void run(Path folder, String... command) throws IOException, InterruptedException {
    Path log = folder.resolve("install.log");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(300, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "%s failed in %s:%n%s"
              .formatted(String.join(" ", command), folder, Files.readString(log)));
    }
  }
}
