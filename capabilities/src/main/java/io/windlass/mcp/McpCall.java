package io.windlass.mcp;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.text.Excerpt;
import io.windlass.text.Template;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The pre-tool {@code mcp_call}: what a tool of an MCP server answers. */
public final class McpCall implements PreTool {
  /** As much as is kept of a command's output. */
  private static final int MOST_KEPT = 5 << 20;

  private final McpServers servers;

  public McpCall(McpServers servers) {
    this.servers = servers;
  }

  @Override
  public String name() {
    return "mcp_call";
  }

  @Override
  public List<String> required() {
    return List.of("server", "tool");
  }

  @Override
  public Optional<Duration> timeLimit(ObjectNode fields, State state) {
    return servers.timeLimit(Template.render(Json.show(fields.get("server")), state).strip());
  }

  @Override
  public String run(PreToolCall call) throws InterruptedException {
    String server = call.text("server").strip();
    String tool = call.text("tool").strip();
    ObjectNode arguments = arguments(call);
    for (McpTool known : servers.tools(server)) {
      if (known.name().equals(tool)) {
        arguments = Arguments.fitted(arguments, known.inputSchema());
      }
    }
    McpAnswer answer = servers.call(server, tool, arguments, call.timeout());
    if (answer.failed()) {
      throw new WindlassException(
          ErrorCode.MCP_FAILED,
          "%s of MCP server %s failed: %s"
              .formatted(
                  tool, server, answer.text().isBlank() ? "it did not say why" : answer.text()));
    }
    return kept(answer.text(), call);
  }

  private static String kept(String text, PreToolCall call) {
    if (text.length() <= MOST_KEPT) {
      return text;
    }
    String cut = "only the first %d of %d characters are kept".formatted(MOST_KEPT, text.length());
    call.context().log(LogLevel.WARN, "mcp_call: " + cut);
    return "%s\n[cut: %s]".formatted(Excerpt.head(text, MOST_KEPT), cut);
  }

  /**
   * An object whose texts are rendered; text that is one, before or after it was rendered, will do.
   */
  private static ObjectNode arguments(PreToolCall call) {
    UnaryOperator<String> render = text -> Template.render(text, call.state());
    JsonNode given = call.fields().get("args");
    if (given == null || given.isNull()) {
      return Json.object();
    }
    if (given.isString()) {
      String text = given.stringValue().strip();
      if (text.isEmpty()) {
        return Json.object();
      }
      try {
        given = Json.read(text);
      } catch (WindlassException e) {
        given = Json.read(render.apply(text));
        if (given instanceof ObjectNode whole) {
          return whole;
        }
      }
    }
    if (Arguments.rendered(given, render) instanceof ObjectNode arguments) {
      return arguments;
    }
    throw WindlassException.invalid(
        "mcp_call: args must be an object of names and values, not " + given);
  }
}
