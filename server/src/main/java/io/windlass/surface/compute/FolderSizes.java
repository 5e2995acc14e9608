package io.windlass.surface.compute;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** How much folders hold; remembered for a while, and not counted beyond a bound. */
final class FolderSizes {
  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final int MOST_FILES = 200_000;
  private static final int MOST_FOLDERS = 1_000;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Path, Size> known = new LinkedHashMap<>();

  FolderSizes(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What a folder holds.
   *
   * @param files at most {@link #MOST_FILES} are counted
   */
  record Size(long bytes, long files, Instant at) {
    double megabytes() {
      return Math.round(bytes * 1000.0 / (1 << 20)) / 1000.0;
    }
  }

  /** Links are not followed; what cannot be read counts as nothing. */
  Size of(Path folder) {
    Instant now = clock.instant();
    lock.lock();
    try {
      Size size = known.get(folder);
      if (size != null && size.at().plus(KEPT).isAfter(now)) {
        return size;
      }
    } finally {
      lock.unlock();
    }
    Size counted = count(folder, now);
    lock.lock();
    try {
      known.remove(folder);
      known.put(folder, counted);
      if (known.size() > MOST_FOLDERS) {
        known.remove(known.keySet().iterator().next());
      }
    } finally {
      lock.unlock();
    }
    return counted;
  }

  /** Something in the workspace was changed here. */
  void forget() {
    lock.lock();
    try {
      known.clear();
    } finally {
      lock.unlock();
    }
  }

  private static Size count(Path folder, Instant now) {
    long[] sums = new long[2];
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                sums[0] += attributes.size();
                sums[1]++;
              }
              return sums[1] < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      return new Size(sums[0], sums[1], now);
    }
    return new Size(sums[0], sums[1], now);
  }
}
