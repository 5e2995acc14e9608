package io.windlass.surface.compute;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.workspace.ClosedHome;
import io.windlass.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The workspace as clients may see it: nothing that lies, or leads, outside of its root. */
final class WorkspaceFolder {
  static final String NAME = "default";
  static final String WORKING = "Working_Directory";
  static final String LONGTERM = "Longterm_Directory";

  private final Path root;
  private final Workspace workspace;
  private final @Nullable ClosedHome closed;

  /**
   * @param closed what of it is for the server alone; null for nothing
   */
  WorkspaceFolder(Path root, @Nullable ClosedHome closed) {
    this.root = root.toAbsolutePath().normalize();
    this.closed = closed;
    this.workspace = new Workspace(this.root, this.root, closed);
  }

  Path root() {
    return root;
  }

  /** The root with its links followed. */
  Path realRoot() {
    try {
      return root.toRealPath();
    } catch (IOException e) {
      return root;
    }
  }

  /** Whether a folder in it is for the server alone. */
  boolean isClosed(Path real) {
    return closed != null && closed.closes(real);
  }

  /**
   * Where a path leads, links followed; relative ones start from the root.
   *
   * @throws WindlassException FORBIDDEN when that is outside, INVALID_INPUT when it is no path
   */
  Path inside(String given) {
    try {
      return workspace.path(given);
    } catch (UncheckedIOException e) {
      throw outside(given, e);
    } catch (WindlassException e) {
      throw e.code() == ErrorCode.FORBIDDEN ? outside(given, e) : e;
    }
  }

  /** A folder of it that is there. */
  Path folder(String given) {
    Path path = inside(given);
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND, "There is no directory \"%s\" in the workspace".formatted(given));
    }
    return path;
  }

  SeekableByteChannel open(String given) throws IOException {
    Path path = inside(given);
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        throw new NoSuchFileException(given);
      }
      return workspace.open(given);
    } catch (NoSuchFileException e) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND, "There is no file \"%s\" in the workspace".formatted(given), e);
    } catch (UncheckedIOException e) {
      throw outside(given, e);
    }
  }

  private static WindlassException outside(String given, Throwable cause) {
    return new WindlassException(
        ErrorCode.FORBIDDEN,
        "Path not allowed: \"%s\" is not in the workspace".formatted(given.replace("\0", "\\0")),
        cause);
  }

  /**
   * @throws WindlassException NOT_FOUND for any name but the one that there is
   */
  static void requireKnown(String name) {
    if (!name.equals(NAME)) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND,
          "There is no workspace \"%s\": GET /service/workspaces lists them".formatted(name));
    }
  }
}
