package io.windlass.engine;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The folder of one server: locked while it is in use, and the keeper of the node's name. */
final class Home implements AutoCloseable {
  /** With less than this left the next large input or output would not fit. */
  private static final long LEAST_ROOM = 4L << 20;

  private final Path folder;
  private final FileChannel channel;
  private final String node;
  private final String identity;

  private Home(Path folder, FileChannel channel, String node) throws IOException {
    this.folder = folder;
    this.channel = channel;
    this.node = node;
    this.identity = identity(folder.toRealPath(), node);
  }

  static Home open(Path folder, RandomGenerator random) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new WindlassException(
            ErrorCode.STORE_UNAVAILABLE,
            "Another server is using %s: stop it, or set WINDLASS_HOME to another folder."
                .formatted(folder));
      }
      return new Home(folder, channel, nodeName(folder.resolve("node"), random));
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.STORE_UNAVAILABLE,
          "The folder %s cannot be used (%s): make it writable, or set WINDLASS_HOME to another one."
              .formatted(folder, e),
          e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String nodeName(Path file, RandomGenerator random) throws IOException {
    if (Files.exists(file)) {
      String name = Files.readString(file).strip();
      if (!name.isEmpty()) {
        return name;
      }
    }
    String name = "node-" + HexFormat.of().toHexDigits(random.nextInt());
    Files.writeString(file, name + "\n");
    return name;
  }

  /** By the place as well as the name: a copy of a home has the name of the first. */
  private static String identity(Path folder, String node) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] hash = digest.digest((node + "\0" + folder).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  Path databaseFile() {
    return folder.resolve("windlass.db");
  }

  /**
   * Looks whether the disk has room.
   *
   * @throws WindlassException STORE_UNAVAILABLE
   */
  void checkRoom() {
    long left;
    try {
      left = Files.getFileStore(folder).getUsableSpace();
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.STORE_UNAVAILABLE, "The folder %s cannot be used (%s)".formatted(folder, e), e);
    }
    if (left < LEAST_ROOM) {
      throw new WindlassException(
          ErrorCode.STORE_UNAVAILABLE,
          "The disk is full: %d KB are left for %s. Free some space; running work goes on by itself then."
              .formatted(left >> 10, folder));
    }
  }

  String node() {
    return node;
  }

  String identity() {
    return identity;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
