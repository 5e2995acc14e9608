package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.windlass.http.Routes;
import io.windlass.kernel.WindlassException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The content of a file of the workspace, whole or a range of it. */
final class ContentRoute implements RouteGroup {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
  private final WorkspaceFolder workspace;

  ContentRoute(WorkspaceFolder workspace) {
    this.workspace = workspace;
  }

  @Override
  public void declare(Routes routes) {
    routes.get("/service/workspaces/{name}/files/content", this::content);
  }

  /**
   * Which bytes.
   *
   * @param last inclusive
   */
  private record Span(long first, long last) {
    long length() {
      return last - first + 1;
    }
  }

  private void content(Context context) throws IOException {
    WorkspaceFolder.requireKnown(context.pathParam("name"));
    String path = Fields.query(context, "file_path");
    if (path == null) {
      throw WindlassException.invalid(
          "file_path is required: name a file as GET /service/workspaces/default/files lists it");
    }
    SeekableByteChannel channel = workspace.open(path);
    try {
      answer(context, channel, String.valueOf(Path.of(path).getFileName()));
    } catch (RuntimeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void answer(Context context, SeekableByteChannel channel, String name)
      throws IOException {
    long size = channel.size();
    Span span = span(context, size);
    String type = MimeTypes.of(name);
    boolean passive = MimeTypes.isPassive(type);
    context.header("Accept-Ranges", "bytes");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Security-Policy", "default-src 'none'; sandbox");
    context.header("Content-Disposition", (passive ? "inline" : "attachment") + fileName(name));
    context.contentType(type.startsWith("text/") ? type + "; charset=utf-8" : type);
    if (span.length() < size) {
      context.status(206);
      context.header("Content-Range", "bytes %d-%d/%d".formatted(span.first(), span.last(), size));
    }
    channel.position(span.first());
    context.res().setContentLengthLong(span.length());
    context.result(new Part(Channels.newInputStream(channel), span.length()));
  }

  private static Span span(Context context, long size) {
    String header = context.header("Range");
    Matcher matcher = RANGE.matcher(header == null ? "" : header.strip());
    if (!matcher.matches() || (matcher.group(1) + matcher.group(2)).isEmpty()) {
      // Several ranges, or other units: a server may answer with the whole.
      return new Span(0, size - 1);
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    long first = from.isEmpty() ? Math.max(0, size - Long.parseLong(to)) : Long.parseLong(from);
    long last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(to));
    if (first > last) {
      context.header("Content-Range", "bytes */" + size);
      throw new HttpResponseException(
          416, "The file has %d bytes, but the Range is %s".formatted(size, header));
    }
    return new Span(first, last);
  }

  private static String fileName(String name) {
    String plain = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }

  /** So many bytes of a stream. */
  private static final class Part extends FilterInputStream {
    private long left;

    Part(InputStream in, long length) {
      super(in);
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      int read = left <= 0 ? -1 : super.read();
      left -= read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left <= 0) {
        return -1;
      }
      int read = super.read(bytes, offset, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }
  }
}
