package io.windlass.workspace;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The server's own folder, which holds its database and settings: closed to all that hands out or
 * changes files for others, wherever it lies, but for a workspace in it.
 *
 * @param home the folder; need not exist
 * @param workspace where agents work; need not exist
 */
public record ClosedHome(Path home, Path workspace) {
  public ClosedHome {
    home = home.toAbsolutePath().normalize();
    workspace = workspace.toAbsolutePath().normalize();
  }

  /**
   * Whether a path is not for others.
   *
   * @param real absolute, all links followed
   */
  public boolean closes(Path real) {
    Path closed = real(home);
    Path open = real(workspace);
    boolean within = open.startsWith(closed) && !open.equals(closed);
    return real.startsWith(closed) && !(within && real.startsWith(open));
  }

  /** Whether the closed folder is, or lies somewhere in, this one. */
  public boolean isWithin(Path real) {
    return real(home).startsWith(real);
  }

  private static Path real(Path path) {
    try {
      return RealPath.of(path);
    } catch (IOException e) {
      return path;
    }
  }
}
