package io.windlass.surface.compute;

import io.socket.socketio.server.SocketIoSocket;
import io.windlass.http.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;

/**
 * Whose each socket is. The protocol's library keeps nothing of a handshake but its query and
 * headers, so the caller is put among these; what a client sends under that name is dropped.
 */
final class SocketCallers {
  private static final String HEADER = "windlass-caller";

  private SocketCallers() {}

  /** Who has opened it; nobody when that is not known. */
  static Caller of(SocketIoSocket socket) {
    Map<String, List<String>> headers = socket.getInitialHeaders();
    List<String> given = headers == null ? null : headers.get(HEADER);
    return new Caller(given == null ? "" : given.getFirst());
  }

  /** Puts the request's caller among the headers of a websocket's handshake. */
  static void mark(Map<String, List<String>> headers, HttpServletRequest request) {
    headers.keySet().removeIf(HEADER::equalsIgnoreCase);
    headers.put(HEADER, List.of(Caller.of(request).user()));
  }

  /** A request with its caller among the headers. */
  static final class Marked extends HttpServletRequestWrapper {
    private final String user;

    Marked(HttpServletRequest request) {
      super(request);
      this.user = Caller.of(request).user();
    }

    /** The protocol's library takes an address without a query for a bug. */
    @Override
    public String getQueryString() {
      String query = super.getQueryString();
      return query == null ? "" : query;
    }

    @Override
    public String getHeader(String name) {
      return HEADER.equalsIgnoreCase(name) ? user : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return HEADER.equalsIgnoreCase(name)
          ? Collections.enumeration(List.of(user))
          : super.getHeaders(name);
    }

    @Override
    public Enumeration<String> getHeaderNames() {
      List<String> names = new ArrayList<>(Collections.list(super.getHeaderNames()));
      names.removeIf(HEADER::equalsIgnoreCase);
      names.add(HEADER);
      return Collections.enumeration(names);
    }
  }
}
