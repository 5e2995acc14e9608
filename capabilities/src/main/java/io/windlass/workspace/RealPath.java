package io.windlass.workspace;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Where a path leads. */
final class RealPath {
  private static final int MOST_LINKS = 40;

  private RealPath() {}

  /**
   * Follows every link, also one that leads to what does not exist; the rest is taken as named.
   *
   * @throws WindlassException INVALID_INPUT when links lead in a circle
   */
  static Path of(Path path) throws IOException {
    Deque<Path> left = new ArrayDeque<>();
    path.toAbsolutePath().forEach(left::add);
    Path top = path.toAbsolutePath().getRoot();
    Path real = top;
    int links = 0;
    while (!left.isEmpty()) {
      Path name = left.remove();
      if (name.toString().equals(".") || name.toString().isEmpty()) {
        continue;
      }
      if (name.toString().equals("..")) {
        Path parent = real.getParent();
        real = parent == null ? top : parent;
        continue;
      }
      Path next = real.resolve(name);
      if (!Files.isSymbolicLink(next)) {
        real = next;
        continue;
      }
      if (++links > MOST_LINKS) {
        throw new WindlassException(
            ErrorCode.INVALID_INPUT,
            "path \"%s\" leads through more than %d links, or in a circle"
                .formatted(path, MOST_LINKS));
      }
      Path target = Files.readSymbolicLink(next);
      List<Path> names = new ArrayList<>();
      target.forEach(names::add);
      names.reversed().forEach(left::addFirst);
      if (target.isAbsolute()) {
        real = top;
      }
    }
    return real;
  }
}
