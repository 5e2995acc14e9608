package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpStatelessServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpStatelessServerHandler;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpStatelessServerTransport;
import io.windlass.http.Caller;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Arguments;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /mcp}: the streamable HTTP transport of MCP, each request by itself. Without sessions any
 * node answers, before and after a restart; so there is no stream of the server's own, and GET and
 * DELETE are not there.
 */
final class McpRoutes implements McpStatelessServerTransport {
  private static final Logger LOG = LoggerFactory.getLogger(McpRoutes.class);
  private static final String CALLER = "windlass.caller";
  private static final List<String> OBJECTS = List.of("arguments", "_meta");
  private static final int SHOWN = 100;
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final String INSTRUCTIONS =
      """
      Windlass runs chains (steps of AI-agent work), pipelines (of chains), graphs (steps with branches \
      and loops over a shared state) and workflows (of steps, each done by a graph or an agent) durably. list_chains and \
      get_chain show the chains, dry_run_chain what a run would do, run_chain starts one. list_definitions \
      and get_definition show every kind, start_execution starts any. A run of whatever kind goes on by \
      itself: look at it with chain_status, take its result with chain_result. When it waits for a person, \
      list_pending_approvals has the question and approve_gate or decide_approval answers it; approve \
      nothing that your user has not agreed to.\
      """;

  private final McpJsonMapper mapper = McpJsonDefaults.getMapper();
  private final Set<String> names;
  private @Nullable McpStatelessServerHandler handler;

  McpRoutes(String version, List<McpTool> tools) {
    names = tools.stream().map(McpTool::name).collect(Collectors.toSet());
    var _ =
        McpServer.sync(this)
            .serverInfo(new McpSchema.Implementation("windlass", "Windlass", version))
            .instructions(INSTRUCTIONS)
            .capabilities(McpSchema.ServerCapabilities.builder().tools(false).build())
            .tools(tools.stream().map(McpRoutes::specification).toList())
            .immediateExecution(true)
            // Checked here, in the words of all other tools.
            .validateToolInputs(false)
            .build();
  }

  void declare(Routes routes) {
    routes.post("/mcp", this::answer);
  }

  @Override
  public void setMcpHandler(McpStatelessServerHandler handler) {
    this.handler = handler;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.empty();
  }

  private void answer(Context context) throws IOException {
    checkOrigin(context);
    byte[] bytes = RequestBody.bytes(context);
    RequestBody.requireType(context, Set.of("application/json"));
    JsonNode json;
    McpSchema.JSONRPCMessage message;
    try {
      json = RequestBody.parse(bytes);
    } catch (WindlassException e) {
      refuse(context, McpSchema.ErrorCodes.PARSE_ERROR, e.text());
      return;
    }
    try {
      message = McpSchema.deserializeJsonRpcMessage(mapper, json.toString());
    } catch (IOException | RuntimeException e) {
      refuse(
          context,
          McpSchema.ErrorCodes.INVALID_REQUEST,
          "The body must be one JSON-RPC 2.0 message: {\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": …}");
      return;
    }
    String version = context.header("MCP-Protocol-Version");
    if (version != null && !protocolVersions().contains(version)) {
      refuse(
          context,
          McpSchema.ErrorCodes.INVALID_REQUEST,
          "MCP-Protocol-Version " + version + " is not spoken here, but " + protocolVersions());
      return;
    }
    handle(context, message);
  }

  private void handle(Context context, McpSchema.JSONRPCMessage message) throws IOException {
    McpStatelessServerHandler ready = handler;
    if (ready == null) {
      throw new IllegalStateException("the tools are not there yet");
    }
    var about = McpTransportContext.create(Map.of(CALLER, Caller.of(context)));
    switch (message) {
      case McpSchema.JSONRPCRequest request -> {
        JsonNode params = Json.tree(request.params());
        String fault = fault(params);
        if (fault != null) {
          answer(context, 200, Json.tree(request.id()), McpSchema.ErrorCodes.INVALID_PARAMS, fault);
          return;
        }
        JsonNode name = params.path("name");
        if (request.method().equals(McpSchema.METHOD_TOOLS_CALL)
            && !names.contains(name.asString(""))) {
          answer(
              context,
              200,
              Json.tree(request.id()),
              McpSchema.ErrorCodes.INVALID_PARAMS,
              "Unknown tool " + name + ": tools/list names those there are");
          return;
        }
        var response = ready.handleRequest(about, request).block();
        context.contentType("application/json").result(mapper.writeValueAsBytes(response));
      }
      case McpSchema.JSONRPCNotification notification -> {
        ready.handleNotification(about, notification).block();
        context.status(202);
      }
      default -> context.status(202);
    }
  }

  /** What of a request's parameters has the wrong form; null when nothing has. */
  private static @Nullable String fault(JsonNode params) {
    if (!params.isNull() && !params.isObject()) {
      return "params must be an object, not " + shown(params);
    }
    for (String field : OBJECTS) {
      JsonNode value = params.path(field);
      if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
        return "params.%s must be an object, not %s".formatted(field, shown(value));
      }
    }
    return null;
  }

  private static String shown(JsonNode value) {
    String text = value.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static void refuse(Context context, int code, String why) {
    answer(context, 400, NullNode.getInstance(), code, why);
  }

  private static void answer(Context context, int status, JsonNode id, int code, String why) {
    ObjectNode json = Json.object().put("jsonrpc", "2.0");
    json.set("id", id);
    json.putObject("error").put("code", code).put("message", why);
    context.status(status).json(json);
  }

  /** A page of another site has no business here; one of this machine, or of this server, may. */
  private static void checkOrigin(Context context) {
    String origin = context.header("Origin");
    if (origin == null || origin.equals("null") && context.header("Authorization") != null) {
      return;
    }
    String host = null;
    try {
      host = new URI(origin).getHost();
    } catch (URISyntaxException e) {
      LOG.debug("unusable origin", e);
    }
    String own = String.valueOf(context.header("Host")).replaceFirst(":\\d+$", "");
    if (host == null
        || !(LOCAL.contains(host) || host.endsWith(".localhost") || host.equalsIgnoreCase(own))) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "Pages of the origin "
              + origin
              + " may not call this server's tools: use a client outside the browser, or one on this machine");
    }
  }

  private static SyncToolSpecification specification(McpTool tool) {
    @SuppressWarnings("unchecked")
    Map<String, Object> schema = Json.MAPPER.convertValue(tool.schema(), Map.class);
    boolean reads = tool.nature() == McpTool.Nature.READS;
    var hints =
        McpSchema.ToolAnnotations.builder()
            .readOnlyHint(reads)
            .destructiveHint(tool.nature() == McpTool.Nature.DESTROYS)
            .build();
    var described =
        McpSchema.Tool.builder(tool.name(), schema)
            .description(tool.description())
            .annotations(hints)
            .build();
    return new SyncToolSpecification(
        described,
        (about, request) ->
            about.get(CALLER) instanceof Caller caller
                ? call(tool, caller, request)
                : failure("Nobody is known to have called"));
  }

  private static McpSchema.CallToolResult call(
      McpTool tool, Caller caller, McpSchema.CallToolRequest request) {
    try {
      ObjectNode given =
          Json.tree(request.arguments()) instanceof ObjectNode object ? object : Json.object();
      List<String> faults = Arguments.faults(given, tool.schema());
      if (!faults.isEmpty()) {
        return failure(
            "The arguments do not fit %s: %s".formatted(tool.name(), String.join("; ", faults)));
      }
      Fields arguments = new Fields(given);
      JsonNode answer = Json.tree(tool.work().call(caller, arguments));
      return McpSchema.CallToolResult.builder()
          .addTextContent(answer.toPrettyString())
          .structuredContent(Json.MAPPER.convertValue(answer, Map.class))
          .isError(false)
          .build();
    } catch (WindlassException e) {
      return failure(e.text());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return failure("The server is stopping: call again");
    } catch (Exception e) {
      LOG.error("tool {} failed unexpectedly", tool.name(), e);
      return failure("Internal error in " + tool.name() + ": the server's log has it");
    }
  }

  private static McpSchema.CallToolResult failure(String why) {
    return McpSchema.CallToolResult.builder().addTextContent(why).isError(true).build();
  }
}
