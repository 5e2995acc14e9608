package io.windlass.workspace;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Opens a file at a {@link Workspace.Place} without following a link: from the allowed folder down,
 * each step relative to the folder that is held open, so that what was checked is what is opened
 * even when somebody swaps a folder for a link in between.
 */
final class SafeFile {
  private SafeFile() {}

  static SeekableByteChannel open(Workspace.Place place, Set<? extends OpenOption> options)
      throws IOException {
    List<String> names = place.inside();
    if (names.isEmpty()) {
      throw notAFile(place.path());
    }
    Set<OpenOption> all = new HashSet<>(options);
    all.add(LinkOption.NOFOLLOW_LINKS);
    DirectoryStream<Path> folder = Files.newDirectoryStream(place.folder());
    try {
      if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
        checkFile(
            Files.getFileAttributeView(
                place.path(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
            place.path());
        return Files.newByteChannel(place.path(), all);
      }
      return open(secure, place, 0, all);
    } finally {
      folder.close();
    }
  }

  private static SeekableByteChannel open(
      SecureDirectoryStream<Path> folder, Workspace.Place place, int depth, Set<OpenOption> options)
      throws IOException {
    Path name = Path.of(place.inside().get(depth));
    if (depth == place.inside().size() - 1) {
      checkFile(
          folder.getFileAttributeView(
              name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS),
          place.path());
      return folder.newByteChannel(name, options);
    }
    try (SecureDirectoryStream<Path> next =
        folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      return open(next, place, depth + 1, options);
    }
  }

  /** Makes the folders above a file; a link that appears on the way stops it. */
  static void makeFolders(Workspace.Place place) throws IOException {
    Path folder = place.folder();
    Files.createDirectories(folder);
    List<String> names = place.inside();
    for (String name : names.subList(0, Math.max(0, names.size() - 1))) {
      folder = folder.resolve(name);
      try {
        Files.createDirectory(folder);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          throw new WindlassException(
              ErrorCode.FORBIDDEN, folder + " is in the way and not a folder", e);
        }
      }
    }
  }

  /** Nothing but plain files: opening a pipe would wait, opening a device may do worse. */
  private static void checkFile(BasicFileAttributeView view, Path path) throws IOException {
    try {
      if (!view.readAttributes().isRegularFile()) {
        throw notAFile(path);
      }
    } catch (NoSuchFileException e) {
      // Whoever opens it says so, or makes it.
    }
  }

  private static WindlassException notAFile(Path path) {
    return WindlassException.invalid(path + " is not a plain file");
  }
}
