package io.windlass.model;

import io.windlass.kernel.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A server on loopback that speaks the OpenAI chat completions format over real HTTP/1.1, and
 * misbehaves on demand. Ten thousand open answers cost it little: one virtual thread each.
 */
public final class OpenAiStub implements AutoCloseable {
  /** A request as it came; header names in lower case. */
  public record Request(String path, Map<String, String> headers, JsonNode body) {
    /** The text of the last message. */
    public String prompt() {
      JsonNode messages = body.path("messages");
      return Json.show(messages.path(messages.size() - 1).get("content"));
    }

    public String model() {
      return Json.show(body.get("model"));
    }
  }

  private final ServerSocket server;
  private final Function<Request, StubReply> replies;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private final CountDownLatch reached = new CountDownLatch(1);

  private OpenAiStub(Function<Request, StubReply> replies) {
    this.replies = replies;
    try {
      this.server = new ServerSocket(0, 10_000, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException("No port for the stub", e);
    }
    Thread.ofPlatform().daemon().name("openai-stub").start(this::accept);
  }

  /** Answers these in turn, the last one ever after. */
  public static OpenAiStub replying(StubReply... replies) {
    AtomicInteger next = new AtomicInteger();
    return new OpenAiStub(_ -> replies[Math.min(next.getAndIncrement(), replies.length - 1)]);
  }

  /** Answers each request as the function says. */
  public static OpenAiStub answering(Function<Request, StubReply> replies) {
    return new OpenAiStub(replies);
  }

  /** What goes into {@code OPENAI_BASE_URL}. */
  public URI baseUrl() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/v1");
  }

  /** All requests so far. */
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Waits until a {@link StubReply.Ending#HANG} has sent its pieces. */
  public boolean awaitHanging(long seconds) throws InterruptedException {
    return reached.await(seconds, TimeUnit.SECONDS);
  }

  /** Waits until the client has closed the connection of a hanging answer. */
  public boolean awaitAbandoned(long seconds) throws InterruptedException {
    return abandoned.await(seconds, TimeUnit.SECONDS);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.startVirtualThread(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream(), 512);
      OutputStream out = socket.getOutputStream();
      Request request = read(in);
      while (request != null && answer(request, in, out)) {
        request = read(in);
      }
    } catch (IOException | InterruptedException e) {
      // The client has gone, or the stub is closing.
    } finally {
      sockets.remove(socket);
    }
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    Map<String, String> headers = new TreeMap<>();
    String header = line(in);
    while (header != null && !header.isEmpty()) {
      int colon = header.indexOf(':');
      headers.put(
          header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 1).strip());
      header = line(in);
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    String text = new String(body, StandardCharsets.UTF_8);
    return new Request(
        first.split(" ")[1], headers, text.isEmpty() ? Json.object() : Json.read(text));
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    int next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (next != '\r') {
        line.write(next);
      }
      next = in.read();
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** Whether the connection can take another request. */
  private boolean answer(Request request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    requests.add(request);
    StubReply reply = replies.apply(request);
    Thread.sleep(reply.delayMs());
    if (reply.raw() != null) {
      byte[] body = reply.raw().getBytes(StandardCharsets.UTF_8);
      boolean drops = reply.ending() == StubReply.Ending.DROP;
      int told = drops ? body.length + 1 : body.length;
      head(out, reply, reply.contentType(), "Content-Length: " + told);
      out.write(body);
      out.flush();
      return !drops;
    }
    head(out, reply, "text/event-stream; charset=utf-8", "Transfer-Encoding: chunked");
    event(out, chunk(request, "{\"role\":\"assistant\",\"content\":\"\"}", null));
    for (String piece : reply.pieces()) {
      Thread.sleep(reply.pieceDelayMs());
      event(out, chunk(request, Json.write(Map.of("content", piece)), null));
    }
    for (String delta : reply.deltas()) {
      Thread.sleep(reply.pieceDelayMs());
      event(out, chunk(request, delta, null));
    }
    return end(request, reply, in, out);
  }

  private boolean end(Request request, StubReply reply, InputStream in, OutputStream out)
      throws IOException {
    switch (reply.ending()) {
      case COMPLETE -> {
        event(out, chunk(request, "{}", reply.finish() == null ? "stop" : reply.finish()));
        if (reply.inputTokens() >= 0) {
          event(out, usage(request, reply));
        }
        event(out, "[DONE]");
      }
      case GARBAGE -> event(out, "{\"choices\": [{\"delta\": <html>oops");
      case ERROR ->
          event(out, "{\"error\":{\"message\":\"The server is overloaded\",\"code\":null}}");
      case CUT -> {
        // The body simply ends.
      }
      case DROP -> {
        return false;
      }
      case HANG -> {
        reached.countDown();
        awaitClose(in);
        abandoned.countDown();
        return false;
      }
    }
    out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return true;
  }

  /** A client that closes without having read all sends a reset, which is a close as well. */
  private void awaitClose(InputStream in) throws IOException {
    try {
      if (in.read() >= 0) {
        throw new IllegalStateException("A request came before the answer had ended");
      }
    } catch (SocketException e) {
      if (server.isClosed()) {
        throw e;
      }
    }
  }

  private static void head(OutputStream out, StubReply reply, String type, String framing)
      throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + reply.status() + " Stub\r\n");
    head.append("Content-Type: ").append(type).append("\r\n").append(framing).append("\r\n");
    reply.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static void event(OutputStream out, String data) throws IOException {
    byte[] event = ("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream chunk = new ByteArrayOutputStream(event.length + 16);
    chunk.writeBytes((Integer.toHexString(event.length) + "\r\n").getBytes(StandardCharsets.UTF_8));
    chunk.writeBytes(event);
    chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
    out.write(chunk.toByteArray());
    out.flush();
  }

  private static String chunk(Request request, String delta, @Nullable String finish) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1790000000,\"model\":%s,\"choices\":[{\"index\":0,\"delta\":%s,\"logprobs\":null,\"finish_reason\":%s}],\"usage\":null}"
        .formatted(
            Json.write(request.model()), delta, finish == null ? "null" : Json.write(finish));
  }

  private static String usage(Request request, StubReply reply) {
    ObjectNode chunk = Json.object();
    chunk.put("id", "chatcmpl-1").put("object", "chat.completion.chunk");
    chunk.put("created", 1790000000).put("model", request.model());
    chunk.putArray("choices");
    chunk
        .putObject("usage")
        .put("prompt_tokens", reply.inputTokens())
        .put("completion_tokens", reply.outputTokens())
        .put("total_tokens", reply.inputTokens() + reply.outputTokens());
    return chunk.toString();
  }
}
