package io.windlass.app;

import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the documents of a folder in, one file each, the file's name being the document's. A sound
 * file that was taken in before is left alone, so that what was saved since through the API stays;
 * a broken one is listed with its fault for as long as it is there.
 */
final class DefinitionFolder {
  private static final Logger LOG = LoggerFactory.getLogger(DefinitionFolder.class);
  private final Definitions definitions;

  DefinitionFolder(Definitions definitions) {
    this.definitions = definitions;
  }

  /** The bundled documents of one kind: each is taken in once, whatever becomes of it then. */
  void importLibrary(String kind, Path folder) {
    if (Files.isDirectory(folder)) {
      files(folder)
          .forEach((name, file) -> {
            if (definitions.versions(kind, name).isEmpty()) {
              importFile(kind, name, file);
            }
          });
    }
  }

  /**
   * A user's documents of one kind: new and changed files become new versions. What is listed as
   * broken and has no file any more goes back to its last sound version, or off the list.
   */
  void importFolder(String kind, Path folder, String setting) {
    if (!Files.isDirectory(folder)) {
      LOG.warn("{}={} is not a folder: nothing is taken in from it", setting, folder);
      return;
    }
    Map<String, Path> files = files(folder);
    files.forEach((name, file) -> importFile(kind, name, file));
    for (Definition listed : definitions.list(kind)) {
      if (listed.fault() != null && !files.containsKey(listed.name())) {
        forget(listed);
      }
    }
  }

  private void importFile(String kind, String name, Path file) {
    try {
      Definition imported = imported(kind, name, file);
      if (imported != null && imported.fault() != null) {
        LOG.warn("{} cannot run: {}", file, imported.fault());
      }
    } catch (WindlassException e) {
      LOG.warn("{} is not taken in: {}", file, e.text());
    }
  }

  /** Null when nothing is to be taken in. */
  private @Nullable Definition imported(String kind, String name, Path file) {
    String source;
    try {
      source = Files.readString(file);
    } catch (CharacterCodingException e) {
      return definitions.importBroken(
          kind,
          name,
          "The file %s is not UTF-8 text; save it as UTF-8".formatted(file.getFileName()));
    } catch (IOException e) {
      String why =
          Files.isSymbolicLink(file) && !Files.exists(file)
              ? "it is a link to nothing"
              : FileTrouble.why(e);
      return definitions.importBroken(
          kind, name, "The file %s cannot be read: %s".formatted(file.getFileName(), why));
    }
    boolean isBroken =
        definitions.find(kind, name).filter(listed -> listed.fault() != null).isPresent();
    boolean isKnown =
        definitions.versions(kind, name).stream()
            .anyMatch(version -> version.fault() == null && version.source().equals(source));
    return isKnown && !isBroken ? null : definitions.importSource(kind, name, source);
  }

  private void forget(Definition broken) {
    var _ = definitions.delete(broken.kind(), broken.name());
    definitions.versions(broken.kind(), broken.name()).stream()
        .filter(version -> version.fault() == null)
        .findFirst()
        .ifPresent(sound -> definitions.importSource(sound.kind(), sound.name(), sound.source()));
  }

  /**
   * By document name; where both exist, {@code .yaml} goes before {@code .yml}. Hidden ones, as the
   * locks of editors, are none.
   */
  private static Map<String, Path> files(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    for (String ending : List.of(".yml", ".yaml")) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + ending)) {
        for (Path file : found) {
          String name = file.getFileName().toString();
          if (name.startsWith(".")) {
            continue;
          }
          files.put(name.substring(0, name.length() - ending.length()), file);
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be listed: {}", folder, e.toString());
      }
    }
    return files;
  }
}
