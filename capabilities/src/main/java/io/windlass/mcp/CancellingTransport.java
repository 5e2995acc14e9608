package io.windlass.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.windlass.kernel.Json;
import io.windlass.text.Excerpt;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;

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

  /** A server's answer is JSON, but not of the form that the protocol gives it. */
  static final class WrongShape extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int SHOWN = 200;

    WrongShape(@Nullable Object answer, @Nullable RuntimeException cause) {
      super(
          "%s%s: %s"
              .formatted(
                  "an answer that does not have the form of the protocol",
                  place(cause),
                  Excerpt.of(Json.write(answer), SHOWN)),
          cause);
    }

    /** Where in the answer it shows, as far as that is known. */
    private static String place(@Nullable Throwable cause) {
      StringBuilder path = new StringBuilder();
      Throwable at = cause;
      while (at != null && !(at instanceof JacksonException)) {
        at = at.getCause();
      }
      if (at instanceof JacksonException fault) {
        for (JacksonException.Reference step : fault.getPath()) {
          String name = step.getPropertyName();
          path.append("/").append(name == null ? step.getIndex() : name);
        }
      }
      return path.isEmpty() ? "" : " at " + path;
    }
  }

  @Override
  public <T> T unmarshalFrom(@Nullable Object data, TypeRef<T> type) {
    try {
      T read = data == null ? null : inner.unmarshalFrom(data, type);
      if (read != null) {
        return read;
      }
    } catch (RuntimeException e) {
      throw new WrongShape(data, e);
    }
    throw new WrongShape(data, null);
  }

  @Override
  public List<String> protocolVersions() {
    return inner.protocolVersions();
  }
}
