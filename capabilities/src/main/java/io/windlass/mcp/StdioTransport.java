package io.windlass.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.ProtocolVersions;
import io.windlass.kernel.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import reactor.core.publisher.Mono;

/**
 * Talks to a program, a message a line. Three platform threads each, since reading and writing
 * pipes would hold the carriers of virtual ones; so a program that reads nothing holds up nobody.
 */
final class StdioTransport implements McpClientTransport {
  /** The longest message that is taken. */
  static final int MOST_BYTES = 32 << 20;

  /** What is said of a longer one. */
  static final String TOO_LONG =
      "more than %d MB, the most that is taken: ask for less at a time, or let the tool write a file"
          .formatted(MOST_BYTES >> 20);

  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"\\\\]+)\"");
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
            // Whatever stops the reading, memory that is used up too, nobody may wait for answers.
            String why = "its answer could not be taken in";
            try {
              why = lines(process.getInputStream(), line -> received(line, handler));
            } finally {
              server.end();
              join(errors);
              ended.complete(told(why, process));
              outgoing.add(new byte[0]);
            }
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
      noted(line, "no message: ");
      awaited(line)
          .forEach(id -> pass(McpSchema.JSONRPCResponse.error(id, unreadable(line, e)), handler));
      return;
    }
    pass(message, handler);
  }

  private static void pass(
      JSONRPCMessage message, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    var _ = handler.apply(Mono.just(message)).onErrorComplete().subscribe();
  }

  /**
   * The ids that a message which cannot be read may answer, so that nobody waits for it until the
   * time is up. They stand near its beginning or its end; others that are found there mean nothing.
   */
  private static Set<String> awaited(String line) {
    Set<String> ids = new LinkedHashSet<>();
    if (line.startsWith("{")) {
      int near = Math.min(line.length(), LONGEST_WORDS);
      String ends = line.substring(0, near) + "\n" + line.substring(line.length() - near);
      ID.matcher(ends).results().forEach(found -> ids.add(found.group(1)));
    }
    return ids;
  }

  private static JSONRPCError unreadable(String line, Exception why) {
    String reason = Json.withoutSource(String.valueOf(why.getMessage()));
    return new JSONRPCError(
        McpSchema.ErrorCodes.PARSE_ERROR,
        "its answer of %d characters cannot be read as JSON: %s"
            .formatted(
                line.length(), reason.substring(0, Math.min(reason.length(), LONGEST_WORDS))));
  }

  private void heard(String line) {
    noted(line, "");
  }

  private void noted(String line, String prefix) {
    String words = line.substring(0, Math.min(line.length(), LONGEST_WORDS));
    synchronized (lastWords) {
      lastWords.addLast(words);
      while (lastWords.size() > LAST_WORDS) {
        lastWords.removeFirst();
      }
    }
    log.accept(prefix + words);
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
            return "it sent a message of " + TOO_LONG;
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

  /** Its last words; empty for none. */
  String said() {
    synchronized (lastWords) {
      return String.join(" / ", lastWords);
    }
  }

  private String told(String why, Process process) {
    if (!why.isEmpty()) {
      return why;
    }
    StringBuilder told =
        new StringBuilder(
            process.isAlive()
                ? "it closed its output"
                : "it ended with exit code " + process.exitValue());
    String words = said();
    if (!words.isEmpty()) {
      told.append(", its last words: ").append(words);
    }
    return told.toString();
  }
}
