package io.windlass.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What programs carry in their environment and hand on to all that they start: whose they are, and
 * of which tree.
 *
 * @param value a tree's whole value, or what the values of all of an owner's begin with
 */
record Mark(String value) {
  static final String VARIABLE = "WINDLASS_PROCESS_TREE";
  private static final String END = "\0";
  private static final Path PROC = Path.of("/proc");

  /** One for a new tree. */
  static Mark ofTree(String owner) {
    return new Mark((owner.isEmpty() ? "" : owner + "/") + UUID.randomUUID() + END);
  }

  /** That of all trees of an owner. */
  static Mark ofOwner(String owner) {
    return new Mark(owner + "/");
  }

  /** For the environment of a tree's program. */
  String variable() {
    return value.replace(END, "");
  }

  /** The living processes that carry it, as far as the system shows that. */
  List<ProcessHandle> carriers() {
    List<ProcessHandle> found = new ArrayList<>();
    if (!Files.isDirectory(PROC)) {
      return found;
    }
    String entry = END + VARIABLE + "=" + value;
    try (DirectoryStream<Path> all = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path one : all) {
        // The handle first: it does not stand for another process that gets the number later.
        ProcessHandle.of(Long.parseLong(one.getFileName().toString()))
            .filter(_ -> environment(one).contains(entry))
            .filter(ProcessHandle::isAlive)
            .ifPresent(found::add);
      }
    } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
      return found;
    }
    return found;
  }

  /** Each entry stands between two ends; empty for what is another user's or gone. */
  private static String environment(Path process) {
    try {
      return END
          + new String(Files.readAllBytes(process.resolve("environ")), StandardCharsets.ISO_8859_1)
          + END;
    } catch (IOException e) {
      return "";
    }
  }
}
