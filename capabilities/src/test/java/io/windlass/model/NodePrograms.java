package io.windlass.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The programs of {@code src/test/programs}, in the versions that its lock file pins. */
final class NodePrograms {
  private static final Path SOURCES = Path.of("src", "test", "programs");

  private NodePrograms() {}

  /** Installs them, unless that was done already, and tells where a program is. */
  static synchronized Path program(String name) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "programs")).toAbsolutePath();
    Path done = folder.resolve("installed-lock.json");
    Path lock = SOURCES.resolve("package-lock.json");
    if (!Files.exists(done) || Files.mismatch(done, lock) >= 0) {
      install(folder);
      Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
    }
    return folder.resolve("node_modules").resolve(".bin").resolve(name);
  }

  private static void install(Path folder) throws IOException, InterruptedException {
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(SOURCES.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Path log = folder.resolve("npm.log");
    Process npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!npm.waitFor(300, TimeUnit.SECONDS) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IllegalStateException("npm ci failed in " + folder + ":\n" + Files.readString(log));
    }
  }
}
