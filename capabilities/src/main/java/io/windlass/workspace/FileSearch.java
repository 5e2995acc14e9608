package io.windlass.workspace;

import io.windlass.text.Excerpt;
import io.windlass.text.JsPattern;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds files by their paths, and lines by what they hold. Follows no link. */
final class FileSearch {
  private static final int MOST_FILES = 1_000;
  private static final int MOST_LINES = 200;
  private static final int MOST_VISITED = 200_000;
  private static final int LARGEST = 10 << 20;
  private static final int MOST_NAMED = 10;
  private static final int SHOWN = 300;
  private static final String ALL = "**";

  private FileSearch() {}

  static ToolResult list(Workspace workspace, ToolCall call) throws Exception {
    Workspace.Place folder = folder(workspace, call);
    if (!Files.isDirectory(folder.path(), LinkOption.NOFOLLOW_LINKS)) {
      return ToolResult.failure(folder.path() + " is not a folder");
    }
    Found found = files(workspace, folder, call.arguments().path("pattern").asString(ALL));
    if (found.paths().isEmpty()) {
      return ToolResult.of("No file fits in " + folder.path());
    }
    String shown = shown(call.arguments().path("path").asString(""));
    StringBuilder text = new StringBuilder();
    found.paths().stream()
        .limit(MOST_FILES)
        .forEach(path -> text.append(shown).append(path).append('\n'));
    if (found.paths().size() > MOST_FILES) {
      text.append("[%d more; narrow the pattern]%n".formatted(found.paths().size() - MOST_FILES));
    }
    return ToolResult.of(text.append(found.note()).toString());
  }

  static ToolResult search(Workspace workspace, ToolCall call) throws Exception {
    String expression = call.arguments().path("pattern").asString();
    boolean ignoreCase = call.arguments().path("ignore_case").asBoolean(false);
    JsPattern pattern = JsPattern.compile(ignoreCase ? "(?i)" + expression : expression);
    Workspace.Place place = folder(workspace, call);
    String given = call.arguments().path("path").asString("");
    List<String> lines = new ArrayList<>();
    List<String> tooLarge = new ArrayList<>();
    if (Files.isRegularFile(place.path(), LinkOption.NOFOLLOW_LINKS)) {
      search(place, given, pattern, lines, tooLarge);
      return told(lines, tooLarge, "");
    }
    if (!Files.isDirectory(place.path(), LinkOption.NOFOLLOW_LINKS)) {
      return ToolResult.failure("There is nothing at " + place.path());
    }
    Found found = files(workspace, place, call.arguments().path("glob").asString(ALL));
    for (String path : found.paths()) {
      if (lines.size() > MOST_LINES) {
        break;
      }
      List<String> inside = new ArrayList<>(place.inside());
      inside.addAll(List.of(path.split("/")));
      search(
          new Workspace.Place(place.folder(), inside),
          shown(given) + path,
          pattern,
          lines,
          tooLarge);
    }
    return told(lines, tooLarge, found.note());
  }

  private static ToolResult told(List<String> lines, List<String> tooLarge, String noted) {
    String note = tooLarge.isEmpty() ? noted : (skipped(tooLarge) + noted).strip();
    if (lines.isEmpty()) {
      return ToolResult.of("No line fits" + (note.isEmpty() ? "" : "\n" + note));
    }
    boolean more = lines.size() > MOST_LINES;
    String text = String.join("\n", more ? lines.subList(0, MOST_LINES) : lines);
    return ToolResult.of(
        text
            + (more ? "\n[there are more; narrow the search]" : "")
            + (note.isEmpty() ? "" : "\n" + note));
  }

  private static String skipped(List<String> tooLarge) {
    String named = String.join(", ", tooLarge.subList(0, Math.min(MOST_NAMED, tooLarge.size())));
    return "[not searched, since larger than %d MB: %s%s]%n"
        .formatted(
            LARGEST >> 20,
            named,
            tooLarge.size() > MOST_NAMED
                ? " and %d more".formatted(tooLarge.size() - MOST_NAMED)
                : "");
  }

  private static Workspace.Place folder(Workspace workspace, ToolCall call) {
    String given = call.arguments().path("path").asString("");
    return workspace.place(given.isBlank() ? "." : given, call.cwd());
  }

  /** As the model may give it to another tool. */
  private static String shown(String folder) {
    return folder.isBlank() || folder.equals(".")
        ? ""
        : folder.endsWith("/") ? folder : folder + "/";
  }

  /**
   * @param paths relative, with slashes, sorted
   * @param note what a reader should know; empty for nothing
   */
  private record Found(Set<String> paths, String note) {}

  private static Found files(Workspace workspace, Workspace.Place folder, String pattern)
      throws Exception {
    Glob glob = new Glob(pattern.isBlank() ? ALL : pattern);
    Path root = folder.path();
    Set<String> paths = new TreeSet<>();
    Walk walk =
        new Walk(
            root,
            workspace::isClosed,
            path -> {
              if (pattern.equals(ALL) || glob.fits(path)) {
                paths.add(path);
              }
            });
    Files.walkFileTree(root, walk);
    if (walk.interrupted) {
      throw new InterruptedException("the search was stopped");
    }
    return new Found(
        paths,
        walk.visited > MOST_VISITED
            ? "[only the first %d files were looked at]".formatted(MOST_VISITED)
            : "");
  }

  private static void search(
      Workspace.Place place,
      String shown,
      JsPattern pattern,
      List<String> lines,
      List<String> tooLarge)
      throws IOException, InterruptedException {
    String text = text(place, () -> tooLarge.add(shown));
    if (text == null) {
      return;
    }
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (Thread.interrupted()) {
        throw new InterruptedException("the search was stopped");
      }
      if (pattern.finds(line)) {
        lines.add("%s:%d: %s".formatted(shown, number, Excerpt.of(line, SHOWN)));
        if (lines.size() > MOST_LINES) {
          return;
        }
      }
    }
  }

  /** Null for what is no text, too large, or not to be read. */
  private static @Nullable String text(Workspace.Place place, Runnable tooLarge) {
    try (SeekableByteChannel channel = SafeFile.open(place, Set.of(StandardOpenOption.READ))) {
      if (channel.size() > LARGEST) {
        tooLarge.run();
        return null;
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Reads on until the file ends.
      }
      String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
      return text.indexOf('\0') >= 0 ? null : text;
    } catch (IOException e) {
      return null;
    }
  }

  /** Visits plain files; what cannot be read is passed over. */
  private static final class Walk extends SimpleFileVisitor<Path> implements FileVisitor<Path> {
    private final Path root;
    private final Consumer<String> files;
    private final Predicate<Path> closed;
    private int visited;
    private boolean interrupted;

    Walk(Path root, Predicate<Path> closed, Consumer<String> files) {
      this.root = root;
      this.closed = closed;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return folder.endsWith(".git") || closed.test(folder)
          ? FileVisitResult.SKIP_SUBTREE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (Thread.interrupted()) {
        interrupted = true;
        return FileVisitResult.TERMINATE;
      }
      if (++visited > MOST_VISITED) {
        return FileVisitResult.TERMINATE;
      }
      if (attributes.isRegularFile()) {
        files.accept(root.relativize(file).toString().replace('\\', '/'));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      return FileVisitResult.CONTINUE;
    }
  }
}
