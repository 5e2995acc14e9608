package io.windlass.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** MCP servers and clients of other makers, as the lock file of {@code src/test/node} pins them. */
public final class NodePeers {
  private NodePeers() {}

  /** The program of the reference server with a bit of everything; takes {@code stdio} or more. */
  public static Path everything() {
    return module("@modelcontextprotocol/server-everything/dist/index.js");
  }

  /** The program of the reference server for files; takes the folders that it may show. */
  public static Path filesystem() {
    return module("@modelcontextprotocol/server-filesystem/dist/index.js");
  }

  /** A program of {@code src/test/node}, beside the packages that it imports. */
  public static Path program(String name) {
    try {
      Path copy = installed().resolve(name);
      Files.copy(sources().resolve(name), copy, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path module(String path) {
    return installed().resolve("node_modules").resolve(path);
  }

  /** Of the capabilities module, whichever module is tested. */
  private static Path sources() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      for (Path module : List.of(at, at.resolve("capabilities"))) {
        Path found = module.resolve("src/test/node");
        if (module.endsWith("capabilities") && Files.isDirectory(found)) {
          return found;
        }
      }
    }
    throw new IllegalStateException("capabilities/src/test/node is not above the working folder");
  }

  /** Installs what the lock file pins, unless that was done already; one process at a time. */
  private static Path installed() {
    Path sources = sources();
    Path folder = sources.resolve("../../../target/node").normalize();
    Path done = folder.resolve("installed-lock.json");
    Path lock = sources.resolve("package-lock.json");
    try {
      Files.createDirectories(folder);
      try (FileChannel channel =
              FileChannel.open(
                  folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        if (!Files.exists(done) || Files.mismatch(done, lock) >= 0) {
          install(sources, folder);
          Files.copy(lock, done, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void install(Path sources, Path folder) throws IOException, InterruptedException {
    for (String file : List.of("package.json", "package-lock.json")) {
      Files.copy(sources.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Process npm =
        new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("npm.log").toFile())
            .start();
    if (!npm.waitFor(180, TimeUnit.SECONDS) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IllegalStateException(
          "npm ci failed in " + folder + ":\n" + Files.readString(folder.resolve("npm.log")));
    }
  }
}
