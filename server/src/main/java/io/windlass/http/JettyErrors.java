package io.windlass.http;

import io.windlass.http.ErrorRenderer.Fault;
import io.windlass.kernel.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Words what Jetty refuses by itself (malformed paths, oversized headers) as the surface does. */
final class JettyErrors extends ErrorHandler {
  /** What Jetty takes for the path when it could not read it. */
  private static final String UNREAD = "/badMessage";

  private final Mounts mounts;

  JettyErrors(Mounts mounts) {
    this.mounts = mounts;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    @Nullable String path = request.getHttpURI().getPath();
    String place = path == null || path.equals(UNREAD) ? "/" : path;
    var fault = new Fault(code, null, words(code, message), place, "-");
    ErrorRenderer.Body body = mounts.surfaceAt(place).errors().render(fault);
    response.setStatus(body.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.contentType());
    response.write(true, ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(body.json())), callback);
  }

  private static String words(int code, @Nullable String message) {
    String text = message == null || message.isBlank() ? "HTTP " + code : message;
    return switch (code) {
      case 400 ->
          "The request cannot be read: "
              + (text.equals("Bad Request")
                  ? "its path has a wrong escape, a control character or leads out of the root"
                  : text);
      case 414 -> "The address of the request is too long: send less in it";
      case 431 -> "The header of the request is too large: send less in it";
      default -> text;
    };
  }
}
