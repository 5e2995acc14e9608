package io.windlass.workspace;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The folders that file tools may touch, and where a path that is given to them really leads. */
public final class Workspace implements WorkFiles {
  private final Path root;
  private final List<Path> roots;
  private final @Nullable ClosedHome closed;

  /**
   * A workspace.
   *
   * @param root what relative paths are in; need not exist yet
   * @param temp the temp folder, allowed as well
   */
  public Workspace(Path root, Path temp) {
    this(root, temp, null);
  }

  /**
   * A workspace.
   *
   * @param root what relative paths are in; need not exist yet
   * @param temp the temp folder, allowed as well
   * @param closed what of these is not allowed; null for nothing
   */
  public Workspace(Path root, Path temp, @Nullable ClosedHome closed) {
    this.closed = closed;
    this.root = root.toAbsolutePath().normalize();
    this.roots = List.of(this.root, temp.toAbsolutePath().normalize());
  }

  public Path root() {
    return root;
  }

  /**
   * The path that a given one leads to, all links followed, whether it exists or not.
   *
   * @throws WindlassException FORBIDDEN when that is in none of the allowed folders, INVALID_INPUT
   *     when it is no path
   */
  public Path path(String given) {
    return place(given).path();
  }

  /**
   * The text of a file, at most so many bytes of it; empty when there is no file of that name in
   * the allowed folders.
   *
   * @throws IOException when it is there and cannot be read
   */
  public Optional<String> text(String given, int limit) throws IOException {
    Place place;
    try {
      place = place(given);
    } catch (WindlassException | UncheckedIOException e) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(place.path(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (InputStream stream =
        Channels.newInputStream(SafeFile.open(place, Set.of(StandardOpenOption.READ)))) {
      return Optional.of(new String(stream.readNBytes(limit), StandardCharsets.UTF_8));
    }
  }

  /**
   * Opens a plain file for reading; no link is followed that was not there a moment before.
   *
   * @throws WindlassException FORBIDDEN outside the allowed folders, INVALID_INPUT when it is no
   *     plain file
   * @throws NoSuchFileException when there is none
   */
  public SeekableByteChannel open(String given) throws IOException {
    return SafeFile.open(place(given), Set.of(StandardOpenOption.READ));
  }

  /**
   * A place inside an allowed folder, all links followed.
   *
   * @param folder the allowed folder's real path
   * @param inside the names that lead from it to the file; none of them a link when it was looked
   *     at
   */
  record Place(Path folder, List<String> inside) {
    Path path() {
      Path path = folder;
      for (String name : inside) {
        path = path.resolve(name);
      }
      return path;
    }
  }

  /**
   * The size of a file in bytes.
   *
   * @throws WindlassException FORBIDDEN outside the allowed folders, NOT_FOUND when there is no
   *     such file, INVALID_INPUT when it is no plain file
   */
  public long size(String given) {
    Place place = place(given);
    try (SeekableByteChannel file = SafeFile.open(place, Set.of(StandardOpenOption.READ))) {
      return file.size();
    } catch (NoSuchFileException e) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND, "there is no file \"%s\" in %s".formatted(given, root), e);
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT,
          "the file \"%s\" cannot be read (%s)".formatted(given, e.getMessage()),
          e);
    }
  }

  /**
   * Where a path leads, whether it exists or not.
   *
   * @throws WindlassException FORBIDDEN when that is in none of the allowed folders, INVALID_INPUT
   *     when it is no path
   */
  Place place(String given) {
    return place(given, null);
  }

  /**
   * Where a path leads that is relative to a folder.
   *
   * @param base itself relative to the workspace; null for the workspace
   */
  Place place(String given, @Nullable String base) {
    if (given.isBlank()) {
      throw WindlassException.invalid("the path is empty");
    }
    try {
      Path from = base == null ? root : root.resolve(base);
      Path real = RealPath.of(from.resolve(given));
      if (isClosed(real)) {
        throw new WindlassException(
            ErrorCode.FORBIDDEN,
            "path \"%s\" is in the server's own folder, which is closed but for the workspace %s"
                .formatted(given, root));
      }
      for (Path allowed : roots) {
        Path folder = RealPath.of(allowed);
        if (real.startsWith(folder)) {
          List<String> names = new ArrayList<>();
          if (!real.equals(folder)) {
            folder.relativize(real).forEach(name -> names.add(name.toString()));
          }
          return new Place(folder, List.copyOf(names));
        }
      }
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "path \"%s\" is outside the workspace %s and the temp folder".formatted(given, root));
    } catch (InvalidPathException e) {
      throw new WindlassException(
          ErrorCode.INVALID_INPUT, "\"" + given.replace("\0", "\\0") + "\" is not a path", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a path, links followed, is closed to file tools though it lies where they work. */
  boolean isClosed(Path real) {
    return closed != null && closed.closes(real);
  }

  @Override
  public Path inside(String path) {
    return place(path).path();
  }

  @Override
  public Path whole(String path) {
    Path place = inside(path);
    if (closed != null && closed.isWithin(place)) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "folder \"%s\" cannot be handed over whole: the server's own folder lies in it"
              .formatted(path));
    }
    return place;
  }

  @Override
  public byte[] read(String path, int limit) throws IOException {
    Place place = place(path);
    try (SeekableByteChannel channel = SafeFile.open(place, Set.of(StandardOpenOption.READ))) {
      if (channel.size() > limit) {
        throw new IOException(
            "%s has %d bytes; at most %d can be read here"
                .formatted(place.path(), channel.size(), limit));
      }
      return Channels.newInputStream(channel).readNBytes(limit);
    } catch (NoSuchFileException e) {
      throw new IOException("no such file: " + place.path(), e);
    }
  }

  @Override
  public Path write(String path, byte[] bytes) throws IOException {
    Place place = place(path);
    SafeFile.makeFolders(place);
    ByteBuffer left = ByteBuffer.wrap(bytes);
    try (SeekableByteChannel channel =
        SafeFile.open(
            place,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING))) {
      while (left.hasRemaining()) {
        channel.write(left);
      }
    }
    return place.path();
  }
}
