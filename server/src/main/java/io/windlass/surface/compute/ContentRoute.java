package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.windlass.http.Routes;
import io.windlass.kernel.WindlassException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The content of a file of the workspace, whole or a range of it. */
final class ContentRoute implements RouteGroup {
  private static final Pattern RANGE = Pattern.compile("(?i)bytes=[ \t]*(\\d*)-(\\d*)[ \t]*");
  private final WorkspaceFolder workspace;

  ContentRoute(WorkspaceFolder workspace) {
    this.workspace = workspace;
  }

  @Override
  public void declare(Routes routes) {
    routes
        .get("/service/workspaces/{name}/files/content", this::content)
        .head("/service/workspaces/{name}/files/content", this::content);
  }

  /**
   * Which bytes.
   *
   * @param last inclusive
   * @param part whether they were asked for as a range
   */
  private record Span(long first, long last, boolean part) {
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
    boolean head = context.method().equals(HandlerType.HEAD);
    // A range is asked of GET alone.
    Span span = head ? new Span(0, size - 1, false) : span(context, size);
    String type = MimeTypes.of(name);
    boolean passive = MimeTypes.isPassive(type);
    context.header("Accept-Ranges", "bytes");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Content-Security-Policy", "default-src 'none'; sandbox");
    context.header("Content-Disposition", (passive ? "inline" : "attachment") + fileName(name));
    // The server's own encoding would be told of every type, of bytes as well.
    context.res().setCharacterEncoding(null);
    context.contentType(type.startsWith("text/") ? type + "; charset=utf-8" : type);
    if (span.part()) {
      context.status(206);
      context.header("Content-Range", "bytes %d-%d/%d".formatted(span.first(), span.last(), size));
    }
    context.res().setContentLengthLong(span.length());
    if (head) {
      channel.close();
      return;
    }
    channel.position(span.first());
    context.result(new Part(Channels.newInputStream(channel), span.length()));
  }

  /**
   * RFC 9110, 14.2: what is no range, ends before it begins, or asks for several or for other units
   * is ignored; so is one with a condition, as no answer carries a validator.
   */
  private static Span span(Context context, long size) {
    Span whole = new Span(0, size - 1, false);
    String header = context.header("Range");
    Matcher matcher = RANGE.matcher(header == null ? "" : header.strip());
    if (!matcher.matches() || context.header("If-Range") != null) {
      return whole;
    }
    String from = matcher.group(1);
    String to = matcher.group(2);
    if (from.isEmpty() && to.isEmpty() || !from.isEmpty() && !to.isEmpty() && isBefore(to, from)) {
      return whole;
    }
    long first = from.isEmpty() ? Math.max(0, size - place(to)) : place(from);
    long last = from.isEmpty() || to.isEmpty() ? size - 1 : Math.min(size - 1, place(to));
    if (first > last) {
      context.header("Content-Range", "bytes */" + size);
      throw new HttpResponseException(
          416, "The file has %d bytes, but the Range is %s".formatted(size, header));
    }
    return new Span(first, last, true);
  }

  private static boolean isBefore(String one, String other) {
    return new BigInteger(one).compareTo(new BigInteger(other)) < 0;
  }

  /** A place past the end of every file for what no number of bytes is as large as. */
  private static long place(String digits) {
    return new BigInteger(digits).min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
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
