package io.windlass.http;

import io.javalin.http.Context;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes one stream of server-sent events from the request's own virtual thread. Every write
 * reaches the client at once; a client that has gone shows as an {@link IOException}.
 */
public final class Sse {
  private final ServletOutputStream out;

  private Sse(ServletOutputStream out) {
    this.out = out;
  }

  /** Answers 200 and the headers; whatever the client said to accept. */
  public static Sse open(Context context) throws IOException {
    HttpServletResponse response = context.res();
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType("text/event-stream");
    response.setCharacterEncoding("utf-8");
    response.setHeader("Cache-Control", "no-cache, no-transform");
    response.setHeader("X-Accel-Buffering", "no");
    Sse sse = new Sse(response.getOutputStream());
    response.flushBuffer();
    return sse;
  }

  /**
   * One event.
   *
   * @param event its {@code event:} name; null for none
   * @param data its data; line breaks become several data lines
   * @param id its {@code id:}, written after the data; null for none
   */
  public void send(@Nullable String event, String data, @Nullable String id) throws IOException {
    var frame = new StringBuilder(data.length() + 48);
    if (event != null) {
      frame.append("event: ").append(event).append('\n');
    }
    if (data.indexOf('\n') < 0 && data.indexOf('\r') < 0) {
      frame.append("data: ").append(data).append('\n');
    } else {
      data.lines().forEach(line -> frame.append("data: ").append(line).append('\n'));
    }
    if (id != null) {
      frame.append("id: ").append(id).append('\n');
    }
    write(frame.append('\n'));
  }

  /** A line that clients ignore, to keep the connection open and to find out who has gone. */
  public void comment(String text) throws IOException {
    write(new StringBuilder(": ").append(text).append("\n\n"));
  }

  /** The number that the client has seen last, by header or query; 0 for none or nonsense. */
  public static long lastEventId(Context context) {
    String given = context.header("Last-Event-ID");
    if (given == null) {
      given = context.queryParam("lastEventId");
    }
    try {
      return given == null ? 0 : Math.max(0, Long.parseLong(given.strip()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void write(CharSequence frame) throws IOException {
    out.write(frame.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
