package io.windlass.browser;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A SOCKS5 proxy on loopback that all of the browser's connections go through, those of scripts and
 * redirects too: it resolves each name itself and connects to an address that was checked.
 */
final class GuardedProxy implements AutoCloseable {
  private static final int CONNECT_MILLIS = 15_000;
  private static final int MOST_REFUSALS = 1_000;
  private static final int VERSION = 5;
  private static final int OK = 0;
  private static final int NOT_ALLOWED = 2;
  private static final int UNREACHABLE = 4;
  private static final int UNSUPPORTED = 7;

  private final ServerSocket listener;
  private final Reach reach;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, String> refusals = new ConcurrentHashMap<>();

  GuardedProxy(Reach reach) throws IOException {
    this.reach = reach;
    this.listener = new ServerSocket(0, 128, InetAddress.getByName("127.0.0.1"));
    Thread.ofVirtual().name("browser-proxy").start(this::listen);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Why a host was refused, if it was. */
  Optional<String> refusal(String host) {
    return Optional.ofNullable(refusals.get(host));
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  private void listen() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        open.add(client);
        Thread.ofVirtual().name("browser-proxy-connection").start(() -> serve(client));
      } catch (IOException e) {
        // Closed, or a connection that was gone at once.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      OutputStream out = client.getOutputStream();
      in.readUnsignedByte();
      in.skipNBytes(in.readUnsignedByte());
      out.write(new byte[] {VERSION, 0});
      in.readUnsignedByte();
      int command = in.readUnsignedByte();
      in.readUnsignedByte();
      String host = host(in);
      int port = in.readUnsignedShort();
      if (command != 1) {
        answer(out, UNSUPPORTED);
        return;
      }
      try (Socket server = connect(host, port)) {
        open.add(server);
        answer(out, OK);
        Thread back = Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
        back.join();
      } catch (UnknownHostException e) {
        if (refusals.size() < MOST_REFUSALS) {
          refusals.put(host, String.valueOf(e.getMessage()));
        }
        answer(out, NOT_ALLOWED);
      } catch (IOException e) {
        answer(out, UNREACHABLE);
      }
    } catch (IOException e) {
      // The browser has hung up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.removeIf(Socket::isClosed);
    }
  }

  private static String host(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    return switch (type) {
      case 1 -> InetAddress.getByAddress(in.readNBytes(4)).getHostAddress();
      case 4 -> InetAddress.getByAddress(in.readNBytes(16)).getHostAddress();
      default -> new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
    };
  }

  private Socket connect(String host, int port) throws IOException {
    IOException failure = new UnknownHostException(host + " has no address");
    for (InetAddress address : reach.of(host)) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
        return socket;
      } catch (IOException e) {
        socket.close();
        failure = e;
      }
    }
    throw failure;
  }

  private static void answer(OutputStream out, int code) throws IOException {
    out.write(new byte[] {VERSION, (byte) code, 0, 1, 0, 0, 0, 0, 0, 0});
  }

  /** Hands on what comes until either side closes. */
  private static void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      in.transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
