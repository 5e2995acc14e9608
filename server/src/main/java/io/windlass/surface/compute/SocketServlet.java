package io.windlass.surface.compute;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.EngineIoWebSocket;
import io.socket.engineio.server.utils.ParseQS;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.ee10.websocket.server.JettyServerUpgradeRequest;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServlet;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Both transports of Socket.IO, polling and websocket, at one path. */
final class SocketServlet extends JettyWebSocketServlet {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(SocketServlet.class);
  private static final String UNREADABLE = "it is no Socket.IO (Engine.IO 4) request";
  private static final Duration IDLE = Duration.ofMinutes(2);
  private final transient EngineIoServer engine;

  SocketServlet(EngineIoServer engine) {
    this.engine = engine;
  }

  @Override
  protected void configure(JettyWebSocketServletFactory factory) {
    factory.setIdleTimeout(IDLE);
    factory.setMaxTextMessageSize(SocketInput.MOST_BYTES);
    factory.setMaxBinaryMessageSize(SocketInput.MOST_BYTES);
    factory.setCreator((request, _) -> new Bridge(engine, request));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      super.service(request, response);
      return;
    }
    HttpServletRequest safe = new SocketCallers.Marked(request);
    if (request.getMethod().equals("POST")) {
      byte[] body = SocketInput.body(request);
      if (body == null || !SocketInput.isSane(body)) {
        response.sendError(HttpServletResponse.SC_BAD_REQUEST, UNREADABLE);
        return;
      }
      safe = new SocketInput.Given(request, body);
    }
    try {
      engine.handleRequest(safe, response);
    } catch (RuntimeException | StackOverflowError e) {
      LOG.debug("a polling request was garbage: {}", SocketInput.line(e));
      if (!response.isCommitted() && !request.isAsyncStarted()) {
        response.sendError(HttpServletResponse.SC_BAD_REQUEST, UNREADABLE);
      }
    }
  }

  /** One websocket; public, as Jetty looks its methods up. */
  public static final class Bridge extends EngineIoWebSocket
      implements Session.Listener.AutoDemanding {
    private static final long WRITE_SECONDS = 10;
    private final EngineIoServer engine;
    private final Map<String, String> query;
    private final Map<String, List<String>> headers;
    private @Nullable Session session;

    /** Once it sent garbage: no more of it is read. */
    private volatile boolean refused;

    Bridge(EngineIoServer engine, JettyServerUpgradeRequest request) {
      this.engine = engine;
      String text = request.getQueryString();
      this.query = text == null ? new HashMap<>() : ParseQS.decode(text);
      this.headers = new HashMap<>(request.getHeaders());
      SocketCallers.mark(headers, request.getHttpServletRequest());
    }

    @Override
    public void onWebSocketOpen(Session opened) {
      session = opened;
      guarded(() -> engine.handleWebSocket(this));
    }

    @Override
    public void onWebSocketText(String message) {
      if (refused) {
        return;
      }
      guarded(() -> {
        if (!SocketInput.isSane(message)) {
          throw new IllegalArgumentException("a frame that cannot be read");
        }
        emit("message", message);
      });
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      // Nothing of this API is binary.
      callback.succeed();
      close();
    }

    @Override
    public void onWebSocketClose(int status, String reason, Callback callback) {
      guarded(() -> emit("close"));
      callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
      guarded(() -> emit("error", "websocket error", String.valueOf(cause.getMessage())));
    }

    private void guarded(Runnable action) {
      try {
        action.run();
      } catch (RuntimeException | StackOverflowError e) {
        if (!refused) {
          LOG.debug("a websocket's message was garbage: {}", SocketInput.line(e));
        }
        refused = true;
        close();
      }
    }

    @Override
    public Map<String, String> getQuery() {
      return query;
    }

    @Override
    public Map<String, List<String>> getConnectionHeaders() {
      return headers;
    }

    @Override
    public void write(String message) throws IOException {
      Session open = session;
      if (open == null) {
        throw new IOException("not open");
      }
      var sent = new Callback.Completable();
      open.sendText(message, sent);
      await(sent);
    }

    @Override
    public void write(byte[] message) throws IOException {
      throw new IOException("nothing of this API is binary");
    }

    private void await(Callback.Completable sent) throws IOException {
      try {
        sent.get(WRITE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      } catch (ExecutionException | TimeoutException e) {
        Session open = session;
        if (open != null) {
          open.disconnect();
        }
        throw new IOException("the client takes nothing", e);
      }
    }

    @Override
    public void close() {
      Session open = session;
      if (open != null) {
        open.close();
      }
    }
  }
}
