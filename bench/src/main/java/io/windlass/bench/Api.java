package io.windlass.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** One keep-alive connection for requests that nobody counts. */
final class Api implements AutoCloseable {
  private static final int TIMEOUT_MS = 60_000;
  private final int port;
  private final Socket socket = new Socket();
  private final AnswerReader reader = new AnswerReader();
  private final byte[] buffer = new byte[64 << 10];

  Api(int port) throws IOException {
    this.port = port;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MS);
    try {
      socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  Answer get(String path) throws IOException {
    return send(Requests.get(port, path));
  }

  Answer post(String path, String json) throws IOException {
    return send(Requests.post(port, path, json));
  }

  /** Saves a chain, on the chains surface. */
  void save(Chain chain) throws IOException {
    Answer answer = post("/chains/" + chain.name(), chain.json());
    if (answer.status() != 200) {
      throw new IllegalStateException("the chain was refused: " + answer);
    }
  }

  Answer send(byte[] request) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(request);
    InputStream in = socket.getInputStream();
    @Nullable Answer answer = null;
    while (answer == null) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new IOException("the server closed the connection");
      }
      answer = reader.read(ByteBuffer.wrap(buffer, 0, count));
    }
    return answer;
  }

  /** The server's figures. */
  Metrics metrics() throws IOException {
    Answer answer = get("/metrics");
    if (answer.status() != 200) {
      throw new IllegalStateException(
          "/metrics answered " + answer.status() + ": " + answer.body());
    }
    return Metrics.parse(answer.body());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
