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
    String text = message == null || message.isBlank() ? "HTTP " + code : message;
    @Nullable String path = request.getHttpURI().getPath();
    String place = path == null ? "/" : path;
    var fault = new Fault(code, null, text, place, "-");
    ErrorRenderer.Body body = mounts.surfaceAt(place).errors().render(fault);
    response.setStatus(body.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.contentType());
    response.write(true, ByteBuffer.wrap(Json.MAPPER.writeValueAsBytes(body.json())), callback);
  }
}
