package io.windlass.http;

import java.util.Comparator;
import java.util.List;

/** Which surfaces a listener carries, and under which path prefix. */
final class Mounts {
  private final List<Mount> longestFirst;

  Mounts(List<Mount> mounts) {
    if (mounts.stream().noneMatch(mount -> mount.prefix().isEmpty())) {
      throw new IllegalArgumentException("a listener needs a surface at its root");
    }
    this.longestFirst =
        mounts.stream()
            .sorted(Comparator.comparingInt((Mount mount) -> mount.prefix().length()).reversed())
            .toList();
  }

  List<Mount> all() {
    return longestFirst;
  }

  Surface surfaceAt(String path) {
    return at(path).surface();
  }

  Mount at(String path) {
    for (Mount mount : longestFirst) {
      String prefix = mount.prefix();
      if (path.startsWith(prefix)
          && (prefix.isEmpty()
              || path.length() == prefix.length()
              || path.charAt(prefix.length()) == '/')) {
        return mount;
      }
    }
    throw new IllegalStateException("no surface at " + path);
  }
}
