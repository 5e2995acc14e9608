package io.windlass.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Knows under which id a call went out, so that the server can be told when nobody waits. */
final class CancellingTransport implements McpClientTransport {
  private final McpClientTransport inner;
  private final Map<Object, Object> ids = Collections.synchronizedMap(new IdentityHashMap<>());

  CancellingTransport(McpClientTransport inner) {
    this.inner = inner;
  }

  /** Tells the server that the answer to this request is not wanted any more. */
  void cancel(McpSchema.CallToolRequest request) {
    Object id = ids.remove(request);
    if (id != null) {
      var notice =
          new McpSchema.JSONRPCNotification(
              "notifications/cancelled", Map.of("requestId", id, "reason", "no longer awaited"));
      var _ = inner.sendMessage(notice).onErrorComplete().subscribe();
    }
  }

  void forget(McpSchema.CallToolRequest request) {
    ids.remove(request);
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler) {
    return inner.connect(handler);
  }

  @Override
  public void setExceptionHandler(Consumer<Throwable> handler) {
    inner.setExceptionHandler(handler);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (message instanceof McpSchema.JSONRPCRequest request
        && request.params() instanceof McpSchema.CallToolRequest call) {
      ids.put(call, request.id());
    }
    return inner.sendMessage(message);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return inner.closeGracefully();
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return inner.unmarshalFrom(data, type);
  }

  @Override
  public List<String> protocolVersions() {
    return inner.protocolVersions();
  }
}
