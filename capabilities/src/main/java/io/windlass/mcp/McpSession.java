package io.windlass.mcp;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.windlass.kernel.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** A server that runs and has shaken hands. */
final class McpSession implements AutoCloseable {
  private static final Duration NEVER = Duration.ofDays(30);
  private static final Duration PING = Duration.ofSeconds(5);
  private static final int MOST_PAGES = 100;

  private final String server;
  private final McpAsyncClient client;
  private final CancellingTransport transport;
  private final CompletableFuture<String> ended;
  private volatile List<McpTool> tools = List.of();
  private @Nullable InitializeResult hello;

  private McpSession(
      String server, McpClientTransport inner, CompletableFuture<String> ended, Duration start) {
    this.server = server;
    this.ended = ended;
    this.transport = new CancellingTransport(inner);
    this.client =
        McpClient.async(transport)
            .clientInfo(new McpSchema.Implementation("windlass", "1"))
            .requestTimeout(NEVER)
            .initializationTimeout(start)
            .toolsChangeConsumer(changed ->
                Mono.fromRunnable(() -> tools = changed.stream().map(this::tool).toList()))
            .build();
  }

  /**
   * Shakes hands and asks for the tools.
   *
   * @param ended is completed with the reason when the server has ended
   * @throws Exception when that fails or takes longer; the transport is closed then
   */
  static McpSession open(
      String server, McpClientTransport transport, CompletableFuture<String> ended, Duration start)
      throws Exception {
    McpSession session = new McpSession(server, transport, ended, start);
    try {
      long until = System.nanoTime() + start.toNanos();
      session.hello = session.await(session.client.initialize().toFuture(), start);
      if (session.hello.capabilities() != null && session.hello.capabilities().tools() != null) {
        session.tools = session.list(until);
      }
      return session;
    } catch (Exception e) {
      session.close();
      throw e;
    }
  }

  private List<McpTool> list(long until) throws Exception {
    List<McpTool> all = new ArrayList<>();
    @Nullable String cursor = McpSchema.FIRST_PAGE;
    for (int page = 0; page < MOST_PAGES; page++) {
      Duration left = Duration.ofNanos(until - System.nanoTime());
      McpSchema.ListToolsResult listed = await(client.listTools(cursor).toFuture(), left);
      listed.tools().forEach(one -> all.add(tool(one)));
      cursor = listed.nextCursor();
      if (cursor == null || cursor.isEmpty()) {
        break;
      }
    }
    return List.copyOf(all);
  }

  List<McpTool> tools() {
    return tools;
  }

  @Nullable InitializeResult hello() {
    return hello;
  }

  /** Completed with the reason once the server has ended. */
  CompletableFuture<String> ended() {
    return ended;
  }

  McpSchema.CallToolResult call(String tool, ObjectNode arguments, Duration atMost)
      throws Exception {
    @SuppressWarnings("unchecked")
    Map<String, Object> map = Json.MAPPER.convertValue(arguments, Map.class);
    var request = new McpSchema.CallToolRequest(tool, map);
    try {
      return await(client.callTool(request).toFuture(), atMost);
    } catch (InterruptedException | TimeoutException e) {
      transport.cancel(request);
      throw e;
    } finally {
      transport.forget(request);
    }
  }

  /** How long it takes to answer at all, in milliseconds. */
  long ping() throws Exception {
    long began = System.nanoTime();
    var _ = await(client.ping().toFuture(), PING);
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /**
   * Waits for an answer.
   *
   * @throws ServerEnded when the server ended before it gave one
   */
  private <T> T await(CompletableFuture<T> answer, Duration atMost) throws Exception {
    try {
      var _ = CompletableFuture.anyOf(answer, ended).get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      if (!answer.isDone()) {
        answer.cancel(true);
        throw new ServerEnded(ended.join());
      }
      return answer.get();
    } catch (ExecutionException e) {
      if (ended.isDone()) {
        throw new ServerEnded(ended.join());
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (InterruptedException | TimeoutException e) {
      answer.cancel(true);
      throw e;
    }
  }

  private McpTool tool(McpSchema.Tool tool) {
    var hints = tool.annotations();
    ObjectNode input = schema(tool.inputSchema());
    @Nullable String title = tool.title();
    if (title == null && hints != null) {
      title = hints.title();
    }
    return new McpTool(
        server,
        tool.name(),
        title == null || title.isBlank() ? tool.name() : title,
        tool.description() == null ? "" : tool.description(),
        input == null ? Json.object().put("type", "object") : input,
        schema(tool.outputSchema()),
        hints != null && Boolean.TRUE.equals(hints.readOnlyHint()));
  }

  private static @Nullable ObjectNode schema(@Nullable Map<String, Object> schema) {
    return schema == null ? null : (ObjectNode) Json.tree(schema);
  }

  @Override
  public void close() {
    try {
      client.closeGracefully().block(Duration.ofSeconds(5));
    } catch (RuntimeException e) {
      client.close();
    }
  }

  /** The server ended before it answered. */
  static final class ServerEnded extends Exception {
    private static final long serialVersionUID = 1;

    ServerEnded(String reason) {
      super(reason);
    }
  }

  /** Opens sessions, the way the settings say. */
  @FunctionalInterface
  interface Opener {
    McpSession open(ServerConfig config, Consumer<Secrets> told) throws Exception;
  }
}
