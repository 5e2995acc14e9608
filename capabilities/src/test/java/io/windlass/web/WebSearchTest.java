package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Arguments;
import io.windlass.tool.Calls;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class WebSearchTest {
  private static final String FOUND =
      """
      1. Tides & moon
      https://example.org/tides
      Why the sea rises.

      2. Second
      https://example.org/2\
      """;

  private final WebClient web = new WebClient(Hosts.system(), false);
  private final FakeStepContext context = FakeStepContext.with("topic", "tides & moon");
  private StubServer stub;

  @BeforeEach
  void start() throws Exception {
    stub = new StubServer();
  }

  @AfterEach
  void stop() throws Exception {
    stub.close();
    web.close();
  }

  @Test
  void asksSearxng() throws Exception {
    stub.on("/search", 200, results("content"));
    assertThat(run(null, true, null, null)).isEqualTo(FOUND);
    assertThat(stub.seen.getFirst().path()).isEqualTo("/search?format=json&q=tides+%26+moon+today");
  }

  @Test
  void asksTavily() throws Exception {
    stub.on("/search", 200, results("content"));
    assertThat(run("tavily", true, "tvly", null)).isEqualTo(FOUND);
    assertThat(stub.seen.getFirst().header("Authorization")).isEqualTo("Bearer tvly");
    assertThat(Json.read(stub.seen.getFirst().body()))
        .isEqualTo(Json.read("{\"query\":\"tides & moon today\",\"max_results\":2}"));
  }

  @Test
  void asksBrave() throws Exception {
    stub.on("/res/v1/web/search", 200, "{\"web\":" + results("description") + "}");
    assertThat(run(null, false, null, "bsa")).isEqualTo(FOUND);
    assertThat(stub.seen.getFirst().header("X-Subscription-Token")).isEqualTo("bsa");
    assertThat(stub.seen.getFirst().path())
        .isEqualTo("/res/v1/web/search?count=2&q=tides+%26+moon+today");
  }

  @Test
  void namesTheSettings_whenNoServiceIsConfigured() {
    assertThatThrownBy(() -> run(null, false, null, null))
        .hasMessageContaining("WINDLASS_SEARXNG_URL")
        .hasMessageContaining("TAVILY_API_KEY")
        .hasMessageContaining("BRAVE_API_KEY")
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED));
    assertThatThrownBy(() -> run("brave", true, null, null)).hasMessageContaining("BRAVE_API_KEY");
  }

  @Test
  void tellsWhatAServiceAnswered() {
    stub.on("/search", 403, "Forbidden");
    assertThatThrownBy(() -> run(null, true, null, null))
        .hasMessageContaining("SearXNG answered 403")
        .hasMessageContaining("search.formats");
    stub.on("/search", 200, "<html>");
    assertThatThrownBy(() -> run(null, true, null, null))
        .hasMessageContaining("did not answer JSON");
  }

  @Test
  void answersAgents() throws Exception {
    stub.on("/search", 200, results("content"));
    String url = "http://127.0.0.1:" + stub.port();
    assertThat(agent(url, "{\"query\":\"tides\",\"max_results\":2}"))
        .isEqualTo(ToolResult.of(FOUND));
    assertThat(agent(url, "{\"query\":\"tides\"}").text()).contains("3. Third");
    stub.on("/search", 200, "{\"results\":[]}");
    assertThat(agent(url, "{\"query\":\"tides\"}")).isEqualTo(ToolResult.of("No results."));
    assertThat(agent(null, "{\"query\":\"tides\"}"))
        .satisfies(result -> assertThat(result.failed()).isTrue())
        .satisfies(result -> assertThat(result.text()).contains("WINDLASS_SEARXNG_URL"));
  }

  private ToolResult agent(@Nullable String searxng, String arguments) throws Exception {
    SearchConfig config = new SearchConfig(null, searxng, "", null, "", null);
    WebSearchTool tool = new WebSearchTool(new WebSearch(config, web));
    assertThat(tool.isReadOnly()).isTrue();
    assertThat(Arguments.read(arguments, tool.schema()).fault()).isNull();
    return tool.call(
        new ToolCall(
            "id", (ObjectNode) Json.read(arguments), null, context, Duration.ofSeconds(10)));
  }

  private String run(
      @Nullable String provider, boolean searxng, @Nullable String tavily, @Nullable String brave)
      throws Exception {
    String url = "http://127.0.0.1:" + stub.port();
    SearchConfig config = new SearchConfig(provider, searxng ? url : null, url, tavily, url, brave);
    return new SearchTheWeb(new WebSearch(config, web))
        .run(Calls.of(context, "{\"query\":\"{topic}\\n today\",\"max_results\":2}"));
  }

  private static String results(String snippet) {
    return """
    {"results": [
      {"title": "Tides &amp; <strong>moon</strong>", "url": "https://example.org/tides",
       "%s": "Why the <em>sea</em>\\n rises."},
      {"title": "Second", "url": "https://example.org/2"},
      {"title": "Third", "url": "https://example.org/3"}]}
    """
        .formatted(snippet);
  }
}
