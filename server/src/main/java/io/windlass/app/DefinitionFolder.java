package io.windlass.app;

import io.windlass.definition.Definition;
import io.windlass.definition.Definitions;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the documents of a folder in, one file each, the file's name being the document's. A file
 * that was taken in before is left alone, so that what was saved since through the API stays.
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

  /** A user's documents of one kind: new and changed files become new versions. */
  void importFolder(String kind, Path folder, String setting) {
    if (!Files.isDirectory(folder)) {
      LOG.warn("{}={} is not a folder: nothing is taken in from it", setting, folder);
      return;
    }
    files(folder).forEach((name, file) -> importFile(kind, name, file));
  }

  private void importFile(String kind, String name, Path file) {
    try {
      String source = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      List<Definition> versions = definitions.versions(kind, name);
      if (versions.stream().anyMatch(version -> version.source().equals(source))) {
        return;
      }
      Definition imported = definitions.importSource(kind, name, source);
      if (imported.fault() != null) {
        LOG.warn("{} cannot run: {}", file, imported.fault());
      }
    } catch (WindlassException e) {
      LOG.warn("{} is not taken in: {}", file, e.text());
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
    }
  }

  /** By document name; where both exist, {@code .yaml} goes before {@code .yml}. */
  private static Map<String, Path> files(Path folder) {
    Map<String, Path> files = new TreeMap<>();
    for (String ending : List.of(".yml", ".yaml")) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*" + ending)) {
        for (Path file : found) {
          String name = file.getFileName().toString();
          files.put(name.substring(0, name.length() - ending.length()), file);
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be listed: {}", folder, e.toString());
      }
    }
    return files;
  }
}
