package io.windlass.surface.compute;

import io.socket.engineio.server.EngineIoSocket;
import io.socket.engineio.server.ReadyState;
import io.socket.socketio.server.SocketIoSocket;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.json.JSONObject;
import tools.jackson.databind.node.ObjectNode;

/**
 * The way out to one client. What it has not taken yet is bounded: the senders wait for it, and a
 * client that takes nothing for long is given up.
 */
final class SocketOutlet implements AutoCloseable {
  private static final long MOST_PENDING = 1 << 20;
  private static final long PATIENCE_SECONDS = 30;

  private final SocketIoSocket socket;
  private final EngineIoSocket connection;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition drained = lock.newCondition();
  private long pending;
  private boolean closed;

  SocketOutlet(SocketIoSocket socket) {
    this.socket = socket;
    this.connection = socket.getClient().getConnection();
    connection.on("drain", (EngineIoSocket _, Object... _) -> hasDrained());
  }

  private void hasDrained() {
    lock.lock();
    try {
      pending = 0;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Sends once there is room.
   *
   * @throws IOException when the client has gone, or takes nothing
   */
  void send(String event, ObjectNode data) throws IOException {
    String text = data.toString();
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (pending > 0 && pending + text.length() > MOST_PENDING && !closed) {
        if (left <= 0) {
          throw new IOException(
              "the client has taken nothing for %d s".formatted(PATIENCE_SECONDS));
        }
        left = drained.awaitNanos(left);
      }
      pending += text.length();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
    check();
    // Not under the lock: a drain is told while the connection's own lock is held.
    socket.send(event, new JSONObject(text));
  }

  /** Sends a short answer; one that finds no room is dropped, as the client sent too much. */
  void offer(String event, ObjectNode data) {
    String text = data.toString();
    lock.lock();
    try {
      if (closed || pending + text.length() > 2 * MOST_PENDING) {
        return;
      }
      pending += text.length();
    } finally {
      lock.unlock();
    }
    socket.send(event, new JSONObject(text));
  }

  static JSONObject shown(ObjectNode data) {
    return new JSONObject(data.toString());
  }

  /**
   * @throws IOException when the client has gone
   */
  void check() throws IOException {
    if (!socket.isConnected() || connection.getReadyState() != ReadyState.OPEN) {
      throw new IOException("the client has gone");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drained.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
