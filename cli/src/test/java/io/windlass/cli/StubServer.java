package io.windlass.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A server on loopback that answers what a test has told it, and remembers what it was asked. */
final class StubServer implements AutoCloseable {
  /** Answers one request. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  /** A request as it came. */
  record Request(String line, Map<String, List<String>> headers, String body) {
    @Nullable String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? null : values.getFirst();
    }

    JsonNode json() {
      return Documents.read(body);
    }
  }

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  StubServer() {
    this(0);
  }

  StubServer(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  /** The answers to a request line, one after the other; the last one stays. */
  StubServer on(String line, Answer... inTurn) {
    answers.put(line, new ArrayDeque<>(List.of(inTurn)));
    return this;
  }

  List<Request> requests() {
    return requests;
  }

  /** The only request with that line. */
  Request request(String line) {
    List<Request> found = requests.stream().filter(r -> r.line().equals(line)).toList();
    if (found.size() != 1) {
      throw new AssertionError(line + " came " + found.size() + " times; all: " + lines());
    }
    return found.getFirst();
  }

  List<String> lines() {
    return requests.stream().map(Request::line).toList();
  }

  static Answer json(int status, String body) {
    return answer(status, "application/json", body);
  }

  static Answer sample(String name) {
    return json(200, Samples.text(name));
  }

  static Answer answer(int status, String type, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    };
  }

  /** A stream of these frames that ends after them. */
  static Answer events(String frames) {
    return answer(200, "text/event-stream", frames);
  }

  /** A stream that is cut off, without its proper end, after these frames. */
  static Answer brokenEvents(String frames) {
    return exchange -> {
      byte[] bytes = frames.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, bytes.length + 1_000);
      exchange.getResponseBody().write(bytes);
      exchange.getResponseBody().flush();
      exchange.close();
    };
  }

  private void handle(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    try (InputStream in = exchange.getRequestBody()) {
      String body = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      requests.add(new Request(line, Map.copyOf(exchange.getRequestHeaders()), body));
    }
    Deque<Answer> inTurn = answers.get(line);
    if (inTurn == null) {
      json(404, "{\"error\":\"no answer for " + line + "\"}").to(exchange);
      return;
    }
    Answer answer;
    synchronized (inTurn) {
      answer = inTurn.size() > 1 ? inTurn.pop() : inTurn.peek();
    }
    Objects.requireNonNull(answer).to(exchange);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
