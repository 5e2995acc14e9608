package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import io.windlass.workspace.ClosedHome;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hands out files of the workspace and the temporary folders, and no others. */
final class DownloadRoute {
  private final Path workspace;
  private final ClosedHome home;
  private final List<Path> roots;

  DownloadRoute(Path workspace, Path home) {
    this.workspace = workspace.toAbsolutePath().normalize();
    this.home = new ClosedHome(home, workspace);
    this.roots =
        Stream.of(Path.of("/tmp"), Path.of(System.getProperty("java.io.tmpdir")), this.workspace)
            .map(root -> root.toAbsolutePath().normalize())
            .distinct()
            .toList();
  }

  void declare(Routes routes) {
    routes.get("/download", this::download);
  }

  private void download(Context context) throws IOException {
    String asked = context.queryParam("path");
    if (asked == null || asked.isBlank()) {
      throw WindlassException.invalid("path is required: /download?path=/tmp/report.pdf");
    }
    Path file = resolve(asked);
    String name = String.valueOf(file.getFileName());
    String type = Files.probeContentType(file);
    context.contentType(type == null ? "application/octet-stream" : type);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Disposition", disposition(name));
    // The path is real: a link that takes its place meanwhile is not followed.
    FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    context.res().setContentLengthLong(channel.size());
    context.result(Channels.newInputStream(channel));
  }

  /** The real file behind a path, every link resolved. */
  private Path resolve(String asked) throws IOException {
    Path path;
    try {
      path = workspace.resolve(asked).normalize();
    } catch (InvalidPathException e) {
      throw new WindlassException(ErrorCode.INVALID_INPUT, "path is not a file path", e);
    }
    if (!allowed(path, roots)) {
      throw refused(asked);
    }
    Path real;
    try {
      real = path.toRealPath();
    } catch (NoSuchFileException e) {
      throw new WindlassException(ErrorCode.NOT_FOUND, "There is no file " + asked, e);
    } catch (IOException e) {
      throw new WindlassException(ErrorCode.FORBIDDEN, "The file cannot be read: " + asked, e);
    }
    List<Path> realRoots =
        roots.stream().map(DownloadRoute::real).filter(root -> root != null).toList();
    if (home.closes(real) || !allowed(real, realRoots)) {
      throw refused(asked);
    }
    if (!Files.isRegularFile(real)) {
      throw new WindlassException(ErrorCode.NOT_FOUND, asked + " is not a file");
    }
    if (!Files.isReadable(real)) {
      throw new WindlassException(ErrorCode.FORBIDDEN, "The file cannot be read: " + asked);
    }
    return real;
  }

  private static boolean allowed(Path path, List<Path> roots) {
    return roots.stream().anyMatch(path::startsWith);
  }

  private static WindlassException refused(String asked) {
    return new WindlassException(
        ErrorCode.FORBIDDEN,
        "Path not allowed: %s is not in the workspace or a temporary folder".formatted(asked));
  }

  private static @Nullable Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return null;
    }
  }

  private static String disposition(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }
}
