package io.windlass.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A model server with the chat completions wire that answers nobody until it is told to. */
final class ModelStub implements AutoCloseable {
  private static final int LONGEST_HOLD_SECONDS = 280;
  private static final byte[] ANSWER =
      """
      HTTP/1.1 200 OK
      Content-Type: text/event-stream
      Connection: close

      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"slow","choices":[{"index":0,"delta":{"role":"assistant","content":"done"},"finish_reason":null}]}

      data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"slow","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

      data: [DONE]

      """
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.UTF_8);

  private final ServerSocket socket;
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();

  ModelStub() throws IOException {
    socket = new ServerSocket(0, 16_384, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().name("model-stub").daemon().start(this::accept);
  }

  String baseUrl() {
    return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
  }

  /** How many calls wait for their answer. */
  int waiting() {
    return waiting.get();
  }

  /** How many calls there have been in all. */
  int calls() {
    return calls.get();
  }

  /** Lets every call be answered. */
  void release() {
    release.countDown();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket caller = socket.accept();
        Thread.startVirtualThread(() -> serve(caller));
      } catch (IOException e) {
        if (!socket.isClosed()) {
          throw new java.io.UncheckedIOException(e);
        }
      }
    }
  }

  private void serve(Socket caller) {
    try (caller) {
      readRequest(caller);
      calls.incrementAndGet();
      waiting.incrementAndGet();
      release.await(LONGEST_HOLD_SECONDS, TimeUnit.SECONDS);
      waiting.decrementAndGet();
      OutputStream out = caller.getOutputStream();
      out.write(ANSWER);
      out.flush();
    } catch (IOException e) {
      // The server has gone, as it does when a row breaks off; the row counts what is missing.
      waiting.decrementAndGet();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void readRequest(Socket caller) throws IOException {
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(caller.getInputStream(), StandardCharsets.ISO_8859_1), 1024);
    int length = 0;
    String line = reader.readLine();
    while (line != null && !line.isEmpty()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).strip());
      }
      line = reader.readLine();
    }
    if (line == null || reader.skip(length) < length) {
      throw new IOException("the request broke off");
    }
  }

  @Override
  public void close() throws IOException {
    release();
    socket.close();
  }
}
