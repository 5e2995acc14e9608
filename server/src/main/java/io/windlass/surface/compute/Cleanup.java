package io.windlass.surface.compute;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files of the workspace that nobody has written for so many days, and the folders that are
 * left empty; the long-term directory is spared, and links are not followed.
 */
final class Cleanup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
  private final WorkspaceFolder workspace;
  private final Duration after;
  private final InstantSource clock;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("workspace-cleanup").factory());

  Cleanup(WorkspaceFolder workspace, Duration after, InstantSource clock) {
    this.workspace = workspace;
    this.after = after;
    this.clock = clock;
  }

  void start() {
    var _ = clockwork.scheduleWithFixedDelay(this::guarded, 1, 60, TimeUnit.MINUTES);
  }

  private void guarded() {
    try {
      int removed = run();
      if (removed > 0) {
        LOG.info("{} files of the workspace were older than {}; they are gone", removed, after);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("the workspace cannot be cleaned up; it is tried again: {}", e.toString());
    }
  }

  /** Gives how many files were removed. */
  int run() throws IOException {
    Path root = workspace.realRoot();
    Path spared = root.resolve(WorkspaceFolder.LONGTERM);
    Instant before = clock.instant().minus(after);
    int[] removed = new int[1];
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(spared) || workspace.isClosed(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()
                && attributes.lastModifiedTime().toInstant().isBefore(before)) {
              Files.deleteIfExists(file);
              removed[0]++;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            // Its own time changes with each removal: the next round takes what is left empty.
            boolean old = Files.getLastModifiedTime(folder).toInstant().isBefore(before);
            if (!folder.equals(root) && old) {
              deleteIfEmpty(folder);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return removed[0];
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      LOG.trace("{} is not empty", folder);
    }
  }

  @Override
  public void close() {
    clockwork.shutdownNow();
  }
}
