package io.windlass.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** What agents and pre-tools get of a real MCP server. */
final class McpToolSourceTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  @TempDir Path folder;
  private McpServers servers;

  @BeforeEach
  void open() throws Exception {
    ObjectNode everything = Json.object().put("command", "node");
    everything.putArray("args").add("" + NodePeers.everything()).add("stdio");
    Path file = folder.resolve("mcp_settings.json");
    Files.writeString(
        file,
        Json.object()
            .set("all.in one", everything)
            .set("hasty", misbehaving("timeout_ms", 1500))
            .set("free", misbehaving("idle_timeout_ms", 60000))
            .toString());
    servers =
        new McpServers(file, Map.of("PATH", System.getenv("PATH")), folder, InstantSource.system());
  }

  @AfterEach
  void close() {
    servers.close();
  }

  @Test
  void knowsAToolByEachOfItsNames_andAServerByItsOwn() throws Exception {
    var source = new McpToolSource(servers);

    Tool echo = source.named("mcp__all_in_one__echo").getFirst();
    assertThat(echo.name()).isEqualTo("mcp__all_in_one__echo").matches("[A-Za-z0-9_-]{1,64}");
    assertThat(echo.schema().path("type").asString()).isEqualTo("object");
    assertThat(echo.schema().path("properties").has("message")).isTrue();
    assertThat(source.named("all.in one.echo")).extracting(Tool::name).containsExactly(echo.name());
    assertThat(source.named("all.in one")).hasSizeGreaterThan(5);
    assertThat(source.named("mcp__all_in_one")).hasSameSizeAs(source.named("all.in one"));
    assertThat(source.named("bash")).isEmpty();
    assertThatThrownBy(() -> source.named("mcp__all_in_one__shout")).hasMessageContaining("echo");
    ToolResult result = echo.call(call(Json.object().put("message", "hi")));
    assertThat(result).isEqualTo(ToolResult.of("Echo: hi"));
    ToolResult refused = echo.call(call(Json.object().put("massage", "hi")));
    assertThat(refused.failed()).isTrue();
    assertThat(refused.text()).contains("message");
  }

  @Test
  void fillsTheArgumentsOfAPreTool_inTheTypesThatTheToolWants() throws Exception {
    var preTools = new PreTools(List.of(new McpCall(servers)));
    var context = FakeStepContext.with("two", "2", "who", "Q\"uote\" {two}");

    ObjectNode sum = preTool("get-sum", "sum");
    sum.set("args", Json.object().put("a", "{two}").put("b", 40));
    ObjectNode echo = preTool("echo", "said");
    echo.put("args", "{\"message\": \"{who}\"}");
    ObjectNode wrong = preTool("get-sum", "wrong");
    wrong.set("args", Json.object().put("a", "{who}"));
    var state = preTools.run(context, List.of(sum, echo, wrong), context.state());

    assertThat(state.text("sum")).contains("42");
    assertThat(state.text("said")).isEqualTo("Echo: Q\"uote\" {two}");
    assertThat(state.text("wrong"))
        .startsWith("[PRE-TOOL ERROR: The arguments do not fit get-sum")
        .doesNotContain("[:", ": :");
  }

  @Test
  @Timeout(25)
  void takesTheServersTimeForACall_whereTheStepSetsNone() throws Exception {
    var preTools = new PreTools(List.of(new McpCall(servers)));
    var context = FakeStepContext.with("who", "hasty");
    ObjectNode call = preTool("hang", "said").put("server", "{who}").put("on_error", "inject");
    ObjectNode hasty = call.deepCopy().put("timeout_ms", 300).put("inject_as", "sooner");

    var state = preTools.run(context, List.of(call, hasty), context.state());

    assertThat(state.text("said")).contains("1500 ms");
    assertThat(state.text("sooner")).contains("300 ms");
    var source = new McpToolSource(servers);
    assertThat(source.named("hasty.hang").getFirst().timeLimit()).contains(Duration.ofMillis(1500));
    assertThat(source.named("free.hang").getFirst().timeLimit()).isEmpty();
  }

  @Test
  void failsAPreTool_whoseServerIsUnknown() {
    var call =
        new PreToolCall(
            Json.object().put("server", "nowhere").put("tool", "x"),
            new FakeStepContext().state(),
            new FakeStepContext(),
            MINUTE);

    assertThatThrownBy(() -> new McpCall(servers).run(call))
        .hasMessageContaining("There is no MCP server \"nowhere\"")
        .hasMessageContaining("all.in one");
  }

  private ObjectNode misbehaving(String setting, int value) {
    ObjectNode server = Json.object().put("command", "node").put(setting, value);
    server
        .putArray("args")
        .add("" + NodePeers.program("misbehave.js"))
        .add("" + folder.resolve("journal"));
    return server;
  }

  private static ObjectNode preTool(String tool, String variable) {
    return Json.object()
        .put("type", "mcp_call")
        .put("server", "all.in one")
        .put("tool", tool)
        .put("inject_as", variable);
  }

  private static ToolCall call(ObjectNode arguments) {
    return new ToolCall("c1", arguments, null, new FakeStepContext(), MINUTE);
  }
}
