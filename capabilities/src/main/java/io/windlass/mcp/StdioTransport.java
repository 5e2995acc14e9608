package io.windlass.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/**
 * Talks to a program, a message a line. Three platform threads each, since reading and writing
 * pipes would hold the carriers of virtual ones; so a program that reads nothing holds up nobody.
 */
final class StdioTransport implements McpClientTransport {
  /** The longest message that is taken. */
  static final int MOST_BYTES = 32 << 20;

  private static final int LAST_WORDS = 5;
  private static final int LONGEST_WORDS = 400;
  private final String name;
  private final ServerProcess server;
  private final Consumer<String> log;
  private final McpJsonMapper json = McpJsonDefaults.getMapper();
  private final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>();
  private final CompletableFuture<String> ended = new CompletableFuture<>();
  private final Deque<String> lastWords = new ArrayDeque<>();

  /**
   * @param log takes what the program says on stderr, and lines that are no messages
   */
  StdioTransport(String name, ServerProcess server, Consumer<String> log) {
    this.name = name;
    this.server = server;
    this.log = log;
  }

  /** How the program ended, once it has. */
  CompletableFuture<String> ended() {
    return ended;
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return Mono.fromRunnable(() -> {
      Process process = server.process();
      Thread errors = thread("errors", () -> lines(process.getErrorStream(), this::heard));
      thread(
          "in",
          () -> {
            String why = lines(process.getInputStream(), line -> received(line, handler));
            server.end();
            join(errors);
            ended.complete(told(why, process));
            outgoing.add(new byte[0]);
          });
      thread("out", () -> write(process.getOutputStream()));
    });
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return Mono.fromRunnable(() -> {
      try {
        outgoing.add((json.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException("a message cannot be written as JSON", e);
      }
    });
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.fromRunnable(server::end);
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return json.convertValue(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return List.of(
        ProtocolVersions.MCP_2024_11_05,
        ProtocolVersions.MCP_2025_03_26,
        ProtocolVersions.MCP_2025_06_18,
        ProtocolVersions.MCP_2025_11_25);
  }

  private Thread thread(String what, Runnable body) {
    return Thread.ofPlatform().daemon().name("mcp-" + name + "-" + what).start(body);
  }

  private static void join(Thread thread) {
    try {
      thread.join(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void received(String line, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    JSONRPCMessage message;
    try {
      message = McpSchema.deserializeJsonRpcMessage(json, line);
    } catch (IOException | RuntimeException e) {
      log.accept("no message: " + line.substring(0, Math.min(line.length(), LONGEST_WORDS)));
      return;
    }
    var _ = handler.apply(Mono.just(message)).onErrorComplete().subscribe();
  }

  private void heard(String line) {
    String words = line.substring(0, Math.min(line.length(), LONGEST_WORDS));
    synchronized (lastWords) {
      lastWords.addLast(words);
      while (lastWords.size() > LAST_WORDS) {
        lastWords.removeFirst();
      }
    }
    log.accept(words);
  }

  private void write(OutputStream out) {
    try (out) {
      for (byte[] line = outgoing.take(); line.length > 0; line = outgoing.take()) {
        out.write(line);
        out.flush();
      }
    } catch (IOException e) {
      // The program has ended, which its output tells as well.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads to the end; answers why it stopped before, if it did. */
  private static String lines(InputStream stream, Consumer<String> each) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try (InputStream in = new BufferedInputStream(stream, 64 << 10)) {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next != '\n') {
          line.write(next);
          if (line.size() > MOST_BYTES) {
            return "it sent a message of more than " + (MOST_BYTES >> 20) + " MB";
          }
        } else if (line.size() > 0) {
          String text = line.toString(StandardCharsets.UTF_8);
          line.reset();
          if (!text.isBlank()) {
            each.accept(text);
          }
        }
      }
    } catch (IOException e) {
      // It was killed: what came before stands.
      return "";
    }
    return "";
  }

  private String told(String why, Process process) {
    StringBuilder told = new StringBuilder(why);
    if (why.isEmpty()) {
      told.append(
          process.isAlive()
              ? "it closed its output"
              : "it ended with exit code " + process.exitValue());
    }
    synchronized (lastWords) {
      if (!lastWords.isEmpty()) {
        told.append(", its last words: ").append(String.join(" / ", lastWords));
      }
    }
    return told.toString();
  }
}
