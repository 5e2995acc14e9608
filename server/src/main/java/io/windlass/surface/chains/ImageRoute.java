package io.windlass.surface.chains;

import io.javalin.http.Context;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Hands out the pictures that {@code image_gen} steps made, and nothing that is no picture. */
final class ImageRoute {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,100}\\.([a-z]+)");
  private static final Map<String, String> TYPES =
      Map.of(
          "png", "image/png",
          "jpg", "image/jpeg",
          "jpeg", "image/jpeg",
          "webp", "image/webp",
          "gif", "image/gif");
  private final Path folder;

  /**
   * @param folder where the pictures are; need not exist
   */
  ImageRoute(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  void declare(Routes routes) {
    routes.get("/images/{filename}", this::image);
  }

  private void image(Context context) throws IOException {
    String name = context.pathParam("filename");
    Matcher parts = NAME.matcher(name);
    String type = parts.matches() ? TYPES.get(parts.group(1)) : null;
    Path file = folder.resolve(parts.matches() ? name : ".");
    if (type == null || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new WindlassException(ErrorCode.NOT_FOUND, "There is no image " + name);
    }
    FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    context.contentType(type);
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Security-Policy", "default-src 'none'; sandbox");
    context.header("Cache-Control", "private, max-age=86400");
    context.res().setContentLengthLong(channel.size());
    context.result(Channels.newInputStream(channel));
  }
}
