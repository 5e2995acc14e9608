package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.mcp.NodePeers;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The server's tools, called by the official client of the protocol on the whole server. */
final class McpEndpointTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  /** The names that clients of the documented system know. */
  private static final List<String> DOCUMENTED =
      List.of(
          "list_chains",
          "run_chain",
          "chain_status",
          "chain_result",
          "get_chain",
          "create_chain",
          "update_chain",
          "delete_chain",
          "add_step",
          "update_step",
          "remove_step",
          "add_pre_tool",
          "remove_pre_tool",
          "list_schedules",
          "create_schedule",
          "delete_schedule",
          "toggle_schedule",
          "list_pending_approvals",
          "approve_gate",
          "list_executions",
          "cancel_execution",
          "list_pipelines",
          "get_pipeline",
          "run_pipeline",
          "pipeline_status",
          "dry_run_chain",
          "chain_stats",
          "queue_status");

  private static final String CHAIN =
      """
      name: Greet
      inputs: [{name: who}]
      steps:
        - {id: hello, type: transform, operation: template, template_str: "Hello {who}", prompt: x, output_var: text}
      output: text
      """;

  private static final String GATED =
      """
      name: Gated
      steps:
        - {id: ask, type: gate, prompt: "Send it?", output_var: ok}
        - {id: send, type: transform, operation: template, template_str: "Sent", prompt: x, output_var: text, depends_on: [ask]}
      output: text
      """;

  @TempDir Path folder;

  @Test
  void answersEveryToolOnce_toTheOfficialClient() throws Exception {
    try (Server server = open(Map.of());
        Client client = new Client(server.mainUrl() + "/mcp", "-")) {
      Set<String> offered = new HashSet<>();
      client
          .hello
          .path("tools")
          .forEach(tool -> {
            offered.add(tool.path("name").asString());
            assertThat(tool.path("description").asString()).hasSizeGreaterThan(20);
            assertThat(tool.path("inputSchema").path("type").asString()).isEqualTo("object");
          });
      assertThat(offered).containsAll(DOCUMENTED);
      assertThat(client.hello.path("server").path("name").asString()).isEqualTo("windlass");
      assertThat(client.hello.path("instructions").asString())
          .contains("run_chain", "list_definitions", "start_execution", "graphs", "workflows");

      definitions(client);
      runs(client, server);
      schedules(client);
      approvals(client, server);

      offered.removeAll(client.called);
      assertThat(offered).as("tools that were not tried").isEmpty();
    }
  }

  private static void definitions(Client client) throws Exception {
    client.ok("create_chain", "{'name':'greet','yaml':%s}".formatted(Json.write(CHAIN)));
    assertThat(client.refused("create_chain", "{'name':'greet','yaml':'name: x'}"))
        .contains("There is a chain \"greet\" already", "update_chain");
    assertThat(client.refused("create_chain", "{'name':'bad','yaml':'name: x\\nsteps: []'}"))
        .contains("steps");
    assertThat(client.refused("get_chain", "{'name':'nope'}"))
        .contains("There is no chain \"nope\"", "list_chains");
    assertThat(client.refused("get_chain", "{}"))
        .startsWith("The arguments do not fit get_chain: required property 'name'");
    assertThat(client.ok("list_chains", "{}").path("chains").path(0).path("name").asString())
        .isEqualTo("greet");
    client.ok(
        "add_step",
        "{'chain':'greet','step':{'id':'loud','type':'gather','operation':'template','template_str':'{text}!','prompt':'x','output_var':'cry','depends_on':['hello']},'output':'cry'}");
    client.ok(
        "update_step",
        "{'chain':'greet','step_id':'loud','changes':{'template_str':'{text}!!{now}'}}");
    client.ok(
        "add_pre_tool",
        "{'chain':'greet','step_id':'loud','pre_tool':{'type':'json_parse','input':'[7]','json_path':'$[0]','inject_as':'now'}}");
    assertThat(client.ok("get_chain", "{'name':'greet'}").path("source").asString())
        .contains("json_parse", "{text}!!{now}");
    assertThat(client.refused("update_step", "{'chain':'greet','step_id':'x','changes':{}}"))
        .contains("has no step \"x\"", "hello");
    JsonNode plan = client.ok("dry_run_chain", "{'name':'greet','input':{'who':'Ann'}}");
    assertThat(plan.path("result").asString()).isEqualTo("Hello Ann!!7");
  }

  private static void runs(Client client, Server server) throws Exception {
    JsonNode ran =
        client.ok("run_chain", "{'name':'greet','input':{'who':'Ann'},'wait_seconds':30}");
    assertThat(ran.path("result").asString()).isEqualTo("Hello Ann!!7");
    assertThat(client.refused("run_chain", "{'name':'greet'}")).contains("who");
    String id = "{'execution_id':'" + ran.path("execution_id").asString() + "'}";
    assertThat(client.ok("chain_status", id).path("steps")).hasSize(2);
    assertThat(client.ok("chain_result", id).path("status").asString()).isEqualTo("succeeded");
    assertThat(client.ok("get_execution", id).path("origin").asString()).isEqualTo("mcp");
    assertThat(client.ok("execution_events", id).path("events").size()).isGreaterThan(4);
    assertThat(client.ok("rerun_execution", id).path("execution_id").asString()).isNotBlank();
    assertThat(client.refused("resume_execution", id)).isNotBlank();
    assertThat(client.refused("chain_result", "{'execution_id':'zz'}")).contains("zz");
    client.ok("remove_pre_tool", "{'chain':'greet','step_id':'loud','inject_as':'now'}");
    client.ok("remove_step", "{'chain':'greet','step_id':'loud','output':'text'}");
    client.ok("update_chain", "{'name':'greet','yaml':%s}".formatted(Json.write(CHAIN)));
    HttpResponse<String> saved =
        send(
            server,
            "PUT",
            "/v1/definitions/pipeline/two",
            "{\"source\":\"name: Two\\ninputs: [{name: who}]\\nchains: [{id: a, chain: greet, inputs: {who: \\\"{input.who}\\\"}}]\\noutput: a\"}");
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
    assertThat(client.ok("list_pipelines", "{}").path("pipelines")).hasSize(1);
    assertThat(client.ok("get_pipeline", "{'name':'two'}").path("source").asString())
        .contains("greet");
    JsonNode piped =
        client.ok("run_pipeline", "{'name':'two','input':{'who':'Bo'},'wait_seconds':30}");
    assertThat(piped.path("result").asString()).isEqualTo("Hello Bo");
    assertThat(
            client
                .ok(
                    "pipeline_status",
                    "{'execution_id':'" + piped.path("execution_id").asString() + "'}")
                .path("status")
                .asString())
        .isEqualTo("succeeded");
    assertThat(
            client
                .ok(
                    "start_execution",
                    "{'kind':'chain','name':'greet','input':{'who':'C'},'wait_seconds':30}")
                .path("result")
                .asString())
        .isEqualTo("Hello C");
    String graph =
        "{\"source\":\"name: lone\\ninput_schema: {properties: {count: {type: integer}}}\\nstate: {twice: number}\\nnodes: [{name: a, type: transform_node, set: {twice: '{count}'}}]\\nedges: [{from: START, to: a}, {from: a, to: END}]\\noutput: '{twice}'\"}";
    assertThat(send(server, "PUT", "/v1/definitions/graph/lone", graph).statusCode())
        .isEqualTo(201);
    assertThat(client.ok("list_definitions", "{}").path("definitions")).hasSize(3);
    JsonNode graphs = client.ok("list_definitions", "{'kind':'graph'}").path("definitions");
    assertThat(graphs).hasSize(1);
    assertThat(graphs.at("/0/inputs/0/type").asString()).isEqualTo("integer");
    assertThat(
            client.ok("get_definition", "{'kind':'graph','name':'lone'}").path("source").asString())
        .contains("transform_node");
    assertThat(client.refused("get_definition", "{'kind':'graph','name':'none'}"))
        .contains("There is no graph \"none\": list_definitions shows");
    assertThat(client.refused("get_definition", "{'kind':'wish','name':'none'}"))
        .contains("'wish' is not one of chain, graph, pipeline, workflow");
    assertThat(client.refused("start_execution", "{'kind':'graph','name':'none'}"))
        .contains("list_definitions shows")
        .doesNotContain("/v1/");
    assertThat(
            client
                .ok(
                    "start_execution",
                    "{'kind':'graph','name':'lone','input':{'count':7},'wait_seconds':30}")
                .path("result")
                .asString())
        .startsWith("7");
    assertThat(client.ok("list_executions", "{'limit':2}").path("items")).hasSize(2);
    assertThat(client.ok("chain_stats", "{'name':'greet'}").path("succeeded").intValue())
        .isGreaterThanOrEqualTo(3);
    assertThat(client.ok("queue_status", "{}").path("running").isNumber()).isTrue();
  }

  private static void schedules(Client client) throws Exception {
    JsonNode made =
        client.ok("create_schedule", "{'name':'greet','cron':'0 8 * * *','input':{'who':'D'}}");
    String id = "{'schedule_id':'" + made.path("id").asString() + "'}";
    assertThat(client.ok("list_schedules", "{}").path("schedules")).hasSize(1);
    assertThat(client.ok("toggle_schedule", id).path("enabled").booleanValue()).isFalse();
    assertThat(client.ok("delete_schedule", id).path("ok").booleanValue()).isTrue();
    assertThat(
            client.refused(
                "create_schedule", "{'name':'greet','cron':'nonsense','input':{'who':'D'}}"))
        .contains("nonsense");
    client.ok("delete_chain", "{'name':'greet'}");
  }

  private static void approvals(Client client, Server server) throws Exception {
    client.ok("create_chain", "{'name':'gated','yaml':%s}".formatted(Json.write(GATED)));
    String first = waiting(client);
    assertThat(client.ok("list_pending_approvals", "{}").path("items")).hasSize(1);
    assertThat(client.refused("approve_gate", "{'execution_id':'" + first + "','step_id':'send'}"))
        .contains("waits for no answer");
    client.ok("approve_gate", "{'execution_id':'" + first + "','step_id':'ask'}");
    assertThat(
            client
                .ok("chain_result", "{'execution_id':'" + first + "','wait_seconds':30}")
                .path("result")
                .asString())
        .isEqualTo("Sent");
    String second = waiting(client);
    JsonNode open = client.ok("list_approvals", "{'status':'open'}").path("items").path(0);
    client.ok(
        "decide_approval",
        "{'approval_id':'" + open.path("id").asString() + "','approved':true,'reason':'fine'}");
    client.ok("chain_result", "{'execution_id':'" + second + "','wait_seconds':30}");
    String third = waiting(client);
    assertThat(
            client
                .ok("cancel_execution", "{'execution_id':'" + third + "'}")
                .path("status")
                .asString())
        .isEqualTo("cancelled");
    assertThat(client.refused("cancel_execution", "{'execution_id':'" + third + "'}"))
        .contains("has ended already");
    nested(client, server);
  }

  /** The gate of a pipeline's chain is answered by the name that the pipeline's stream gives it. */
  private static void nested(Client client, Server server) throws Exception {
    HttpResponse<String> saved =
        send(
            server,
            "PUT",
            "/v1/definitions/pipeline/gates",
            "{\"source\":\"name: Gates\\nchains: [{id: one, chain: gated}]\\noutput: one\"}");
    assertThat(saved.statusCode()).as(saved.body()).isEqualTo(201);
    String id = client.ok("run_pipeline", "{'name':'gates'}").path("execution_id").asString();
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (client.ok("list_pending_approvals", "{}").path("items").isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    assertThat(client.refused("approve_gate", "{'execution_id':'" + id + "','step_id':'one/no'}"))
        .contains("one/no");
    client.ok("approve_gate", "{'execution_id':'" + id + "','step_id':'one/ask'}");
    assertThat(
            client
                .ok("pipeline_status", "{'execution_id':'" + id + "','wait_seconds':30}")
                .path("execution_id")
                .asString())
        .isEqualTo(id);
    assertThat(
            client
                .ok("chain_result", "{'execution_id':'" + id + "','wait_seconds':30}")
                .path("result")
                .asString())
        .isEqualTo("Sent");
  }

  /** Starts a run and waits until its gate asks. */
  private static String waiting(Client client) throws Exception {
    String id = client.ok("run_chain", "{'name':'gated'}").path("execution_id").asString();
    long deadline = System.nanoTime() + 30_000_000_000L;
    while (client
        .ok("chain_status", "{'execution_id':'" + id + "'}")
        .path("pending_approvals")
        .isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    return id;
  }

  @Test
  void saysThatACostIsNotKnown() throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.text("hi"));
        Server server =
            open(Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", stub.baseUrl().toString()));
        Client client = new Client(server.mainUrl() + "/mcp", "-")) {
      String chain =
          """
          name: Asks
          steps: [{id: ask, prompt: hello, model: openai/no-price, output_var: text}]
          output: text
          """;
      client.ok("create_chain", "{'name':'asks','yaml':%s}".formatted(Json.write(chain)));
      assertThat(client.ok("chain_stats", "{'name':'asks'}").path("known_cost_usd").asInt(-1))
          .isZero();
      client.ok("run_chain", "{'name':'asks','wait_seconds':30}");
      JsonNode stats = client.ok("chain_stats", "{'name':'asks'}");
      assertThat(stats.path("output_tokens").asInt()).as(stats.toString()).isEqualTo(7);
      assertThat(stats.path("known_cost_usd").isNull()).as(stats.toString()).isTrue();
      assertThat(stats.path("runs_of_unknown_cost").asInt()).isEqualTo(1);
    }
  }

  @Test
  void letsOnlyTheTokenIn_andNoPageOfAnotherSite() throws Exception {
    try (Server server = open(Map.of("WINDLASS_TOKEN", "let-me-in"))) {
      try (Client stranger = new Client(server.mainUrl() + "/mcp", "-")) {
        assertThat(stranger.hello.path("failed").asString()).isNotBlank();
      }
      try (Client friend = new Client(server.mainUrl() + "/mcp", "let-me-in")) {
        assertThat(friend.ok("list_chains", "{}").has("chains")).isTrue();
      }
    }
    try (Server server = open(Map.of())) {
      String ping = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";
      assertThat(post(server, ping, "Origin", "https://evil.example").statusCode()).isEqualTo(403);
      assertThat(post(server, ping, "Origin", "http://localhost:6274").statusCode()).isEqualTo(200);
      assertThat(post(server, "{oops").statusCode()).isEqualTo(400);
      assertThat(post(server, "{oops").body()).contains("-32700");
      assertThat(post(server, "[]").body()).contains("-32600");
      assertThat(post(server, ping, "MCP-Protocol-Version", "1999-01-01").statusCode())
          .isEqualTo(400);
      assertThat(post(server, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"no/such\"}").body())
          .contains("-32601");
      assertThat(
              post(
                      server,
                      "{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"tools/call\",\"params\":{\"name\":\"run_chian\"}}")
                  .body())
          .contains("\"id\":\"a\"", "-32602", "Unknown tool \\\"run_chian\\\"");
      for (String params :
          List.of(
              "[]",
              "{\"name\":\"queue_status\",\"arguments\":[]}",
              "{\"name\":\"queue_status\",\"arguments\":\"x\"}",
              "{\"name\":\"list_chains\",\"arguments\":{},\"_meta\":5}")) {
        assertThat(
                post(
                        server,
                        "{\"jsonrpc\":\"2.0\",\"id\":\"b\",\"method\":\"tools/call\",\"params\":%s}"
                            .formatted(params))
                    .body())
            .contains("\"id\":\"b\"", "-32602", "must be an object");
      }
      assertThat(
              post(server, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                  .statusCode())
          .isEqualTo(202);
      assertThat(send(server, "GET", "/mcp", "").statusCode()).isEqualTo(405);
    }
  }

  private Server open(Map<String, String> more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "WINDLASS_PORT",
                "0",
                "WINDLASS_COMPUTE_PORT",
                "off",
                "WINDLASS_CHAINS_PORT",
                "off"));
    environment.putAll(more);
    return Server.open(Config.read(environment, folder), environment);
  }

  private static HttpResponse<String> post(Server server, String body, String... headers)
      throws Exception {
    return send(server, "POST", "/mcp", body, headers);
  }

  private static HttpResponse<String> send(
      Server server, String method, String path, String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server.mainUrl() + path))
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** The official client as a process. */
  private static final class Client implements AutoCloseable {
    private final Process process;
    private final BufferedReader in;
    private final BufferedWriter out;
    final JsonNode hello;
    final Set<String> called = new HashSet<>();

    Client(String... arguments) throws IOException {
      List<String> command = new ArrayList<>(List.of("node", "" + NodePeers.program("client.js")));
      command.addAll(List.of(arguments));
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      in = process.inputReader(StandardCharsets.UTF_8);
      out = process.outputWriter(StandardCharsets.UTF_8);
      hello = Json.read(in.readLine());
    }

    /** Calls a tool with arguments in JSON with single quotes. */
    JsonNode call(String tool, String arguments) throws IOException {
      ObjectNode call = Json.object().put("tool", tool);
      call.set("args", Json.read(quoted(arguments)));
      out.write(call + "\n");
      out.flush();
      return Json.read(in.readLine());
    }

    JsonNode ok(String tool, String arguments) throws IOException {
      JsonNode answer = call(tool, arguments);
      assertThat(answer.path("isError").booleanValue(false)).as(tool + ": " + answer).isFalse();
      assertThat(answer.path("structuredContent").isObject()).as(tool + ": " + answer).isTrue();
      called.add(tool);
      return answer.path("structuredContent");
    }

    String refused(String tool, String arguments) throws IOException {
      JsonNode answer = call(tool, arguments);
      assertThat(answer.path("isError").booleanValue(false)).as(tool + ": " + answer).isTrue();
      called.add(tool);
      return answer.path("content").path(0).path("text").asString();
    }

    private static String quoted(String arguments) {
      StringBuilder json = new StringBuilder();
      boolean inside = false;
      for (int i = 0; i < arguments.length(); i++) {
        char at = arguments.charAt(i);
        if (at == '"' && (i == 0 || arguments.charAt(i - 1) != '\\')) {
          inside = !inside;
        }
        json.append(at == '\'' && !inside ? '"' : at);
      }
      return json.toString();
    }

    @Override
    public void close() throws IOException {
      out.close();
      process.destroy();
    }
  }
}
