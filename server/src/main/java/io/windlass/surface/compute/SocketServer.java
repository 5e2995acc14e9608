package io.windlass.surface.compute;

import io.socket.engineio.server.EngineIoServer;
import io.socket.engineio.server.EngineIoServerOptions;
import io.socket.socketio.server.SocketIoServer;
import io.socket.socketio.server.SocketIoSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Socket.IO side of the surface: who is connected, and what each follows. */
final class SocketServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SocketServer.class);
  private static final long PING_INTERVAL = 25_000;
  private static final long PING_TIMEOUT = 20_000;
  private static final int MOST_SOCKETS = 5_000;
  private static final List<String> NAMESPACES = List.of("/executions", "/");

  private final EventSources sources;
  private final ScheduledThreadPoolExecutor clockwork;
  private final EngineIoServer engine;
  private final Set<SocketSession> sessions = ConcurrentHashMap.newKeySet();

  SocketServer(EventSources sources) {
    this.sources = sources;
    // A ping waits for the socket that is being written to: with a thread each, others do not.
    this.clockwork =
        new ScheduledThreadPoolExecutor(64, Thread.ofVirtual().name("socket-ping").factory());
    clockwork.setRemoveOnCancelPolicy(true);
    EngineIoServerOptions options = EngineIoServerOptions.newFromDefault();
    options.setCorsHandlingDisabled(true);
    options.setPingInterval(PING_INTERVAL);
    options.setPingTimeout(PING_TIMEOUT);
    options.setScheduledExecutorService(clockwork);
    this.engine = new EngineIoServer(options);
    var server = new SocketIoServer(engine);
    for (String namespace : NAMESPACES) {
      server.namespace(namespace).on("connection", args -> connected((SocketIoSocket) args[0]));
    }
  }

  EngineIoServer engine() {
    return engine;
  }

  private void connected(SocketIoSocket socket) {
    if (sessions.size() >= MOST_SOCKETS) {
      LOG.warn("{} sockets are open; one more was refused", sessions.size());
      socket.getClient().getConnection().close();
      return;
    }
    var session = new SocketSession(socket, sources, SocketCallers.of(socket));
    sessions.add(session);
    socket.on(
        "disconnect",
        _ -> {
          sessions.remove(session);
          session.close();
        });
    session.listen();
  }

  /** How many are connected. */
  int size() {
    return sessions.size();
  }

  @Override
  public void close() {
    sessions.forEach(SocketSession::close);
    engine.shutdown();
    clockwork.shutdownNow();
  }
}
