package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.http.OpenApiContract;
import io.windlass.kernel.Json;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import io.windlass.store.TestStore;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Budgets over HTTP, on the whole server, before a model that costs a tenth of a cent a token. */
final class BudgetTest {
  private static final OpenApiContract CONTRACT =
      OpenApiContract.loadStrict("/openapi/unified.yaml", "");
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String PRICES =
      """
      providers:
        openai:
          models:
            gpt-x: {input: 1000, output: 1000}
      """;
  private static final String CHAIN =
      """
      name: one
      steps:
        - {id: a, model: MODEL, prompt: hello, output_var: out}
      output: out
      """;
  private static final String LOOP =
      """
      name: loop
      inputs: [{name: list}]
      steps:
        - {id: each, type: loop, model: gpt-x, items_var: list, prompt: "do {item}", output_var: out}
      output: out
      """;
  private static final String DEBATE =
      """
      name: debate
      steps:
        - {id: talk, type: debate, model: gpt-x, prompt: why, debate_agents: [{prompt: bold, model: gpt-x}, {prompt: shy, model: gpt-x}], debate_decision: last_round, output_var: out}
      output: out
      """;

  @TempDir Path folder;
  private @Nullable OpenAiStub model;
  private @Nullable Server server;

  @AfterEach
  void close() throws Exception {
    if (server != null) {
      server.close();
    }
    if (model != null) {
      model.close();
    }
  }

  @ParameterizedTest
  @EnumSource(TestStore.class)
  void keepsManyWithinOneCap_andOneRaiseLetsAllGoOn(TestStore store) throws Exception {
    open(store, StubReply.text("fine").slow(60, 0));
    save("one", CHAIN.replace("MODEL", "gpt-x"));
    String budget = budget("{\"limit\":0.1,\"window\":\"total\",\"raise_by\":\"1\"}");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      ids.add(execute("one", "{}"));
    }
    JsonNode stuck =
        awaitBudget(
            budget,
            one ->
                one.path("waiting").asInt() > 0
                    && one.path("current").path("reserved").decimalValue().signum() == 0
                    && open("budget").size() + done(ids) == ids.size());
    int done = done(ids);
    assertThat(done).isBetween(3, 5);
    assertThat(decimal(stuck, "spent")).isEqualByComparingTo(cost(done));
    JsonNode asked = open("budget").getFirst();
    assertThat(asked.path("prompt").asString())
        .contains(
            "Step \"a\": Budget \"everything\" (0.1 USD in all, everything) has too little room for a call: ")
        .contains("openai/gpt-x");
    decide(asked, "{\"approved\":true,\"reason\":\"worth it\"}");
    for (String id : ids) {
      await(id, "succeeded");
    }
    JsonNode told = get("/v1/budgets/" + budget);
    assertThat(decimal(told, "spent")).isEqualByComparingTo(cost(ids.size()));
    assertThat(decimal(told, "cap")).isEqualByComparingTo("1.1");
    assertThat(told.path("limit").decimalValue()).isEqualByComparingTo("0.1");
    assertThat(told.path("waiting").asInt()).isZero();
    assertThat(open("budget")).isEmpty();
    JsonNode change = told.path("changes").get(0);
    assertThat(change.path("what").asString()).isEqualTo("raised");
    assertThat(change.path("by").asString()).isEqualTo("local");
    assertThat(change.path("from").decimalValue()).isEqualByComparingTo("0.1");
    assertThat(change.path("to").decimalValue()).isEqualByComparingTo("1.1");
    assertThat(told.path("changes").size()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(TestStore.class)
  void failsAtTheCapWhereThatIsConfigured_andDryRunsCostNothing(TestStore store) throws Exception {
    open(store, StubReply.text("fine"));
    save("one", CHAIN.replace("MODEL", "gpt-x"));
    save("free", CHAIN.replace("name: one", "name: free").replace("MODEL", "gpt-new"));
    String budget =
        budget("{\"limit\":0.001,\"window\":\"day\",\"at_cap\":\"fail\",\"label\":\"tiny\"}");
    String failed = await(execute("one", "{}"), "failed").path("error").asString();
    assertThat(failed)
        .contains("Budget \"tiny\" (0.001 USD a day, everything) has too little room for a call: ");
    assertThat(await(execute("free", "{}"), "failed").path("error").asString())
        .contains("cannot tell what a call of openai/gpt-new costs");
    HttpResponse<String> generated =
        send(
            "POST",
            server().chainsUrl() + "/generate-chain",
            "{\"description\":\"write a poem about rain\"}");
    assertThat(generated.statusCode()).as(generated.body()).isEqualTo(429);
    assertThat(generated.body()).contains("Budget");
    assertThat(send("POST", main("/v1/definitions/chain/one/plan"), "{}").statusCode())
        .isEqualTo(200);
    assertThat(stub().requests()).isEmpty();
    JsonNode told = get("/v1/budgets/" + budget);
    assertThat(decimal(told, "spent")).isEqualByComparingTo("0");
    assertThat(decimal(told, "reserved")).isEqualByComparingTo("0");
    assertThat(send("DELETE", main("/v1/budgets/" + budget), null).statusCode()).isEqualTo(204);
    await(execute("one", "{}"), "succeeded");
  }

  @Test
  void waitsInLoopsAndDebates_goesOnWhenAllowed_andFailsWhenRejected() throws Exception {
    open(TestStore.SQLITE, StubReply.text("fine"));
    save("loop", LOOP);
    save("debate", DEBATE);
    save("one", CHAIN.replace("MODEL", "gpt-x"));
    String budget = budget("{\"limit\":0.05,\"window\":\"execution\"}");
    String looped = execute("loop", "{\"list\":\"a\\nb\\nc\\nd\"}");
    String debated = execute("debate", "{}");
    await(looped, "waiting");
    await(debated, "waiting");
    decideOf(debated, "{\"choice\":\"allow this execution\"}");
    assertThat(await(debated, "succeeded").path("result").asString()).contains("fine");
    await(execute("one", "{}"), "succeeded");
    decideOf(looped, "{\"approved\":false,\"reason\":\"too dear\"}");
    assertThat(await(looped, "failed").path("error").asString())
        .contains("Stopped at a budget by local: too dear");
    send("POST", main("/v1/executions/" + looped + "/resume"), "{}");
    await(looped, "waiting");
    send("PATCH", main("/v1/budgets/" + budget), "{\"limit\":5}");
    assertThat(await(looped, "succeeded").path("result").asString())
        .isEqualTo("[\"fine\",\"fine\",\"fine\",\"fine\"]");
    assertThat(get("/v1/budgets").path("items").get(0).path("current").isNull()).isTrue();
    assertThat(send("PATCH", main("/v1/budgets/" + budget), "{\"unit\":\"tokens\"}").statusCode())
        .isEqualTo(400);
    assertThat(send("POST", main("/v1/budgets"), "{\"limit\":\"x\"}").body())
        .contains("window")
        .contains("limit");
    assertThat(send("GET", main("/v1/budgets/none"), null).statusCode()).isEqualTo(404);
  }

  @Test
  void countsACallThatDiedWithItsServer_andStillWaitsAfterwards() throws Exception {
    StubReply hanging = StubReply.text("be").ending(StubReply.Ending.HANG);
    OpenAiStub stub = OpenAiStub.replying(hanging, StubReply.text("fine"));
    model = stub;
    Map<String, String> settings = settings(stub);
    Files.createDirectories(folder.resolve("home"));
    Files.writeString(folder.resolve("home").resolve("prices.yaml"), PRICES);
    try (ServedHome home = new ServedHome(folder, settings)) {
      home.start();
      home.save("one", CHAIN.replace("MODEL", "gpt-x"));
      JsonNode made =
          Json.read(
              home.post(
                      home.main("/v1/budgets"),
                      "application/json",
                      "{\"limit\":0.06,\"window\":\"total\"}")
                  .body());
      String path = home.main("/v1/budgets/" + made.path("id").asString());
      String first = home.execute("one", "{}");
      assertThat(stub.awaitHanging(20)).isTrue();
      BigDecimal held = decimal(home.json(path), "reserved");
      assertThat(held).isPositive();
      home.kill();
      home.start();
      home.await(first, "succeeded");
      JsonNode after = home.json(path);
      assertThat(decimal(after, "spent")).isEqualByComparingTo(cost(1));
      assertThat(decimal(after, "reserved")).isEqualByComparingTo(held);
      String second = home.execute("one", "{}");
      home.await(second, "waiting");
      home.kill();
      home.start();
      home.await(second, "waiting");
      assertThat(stub.requests()).hasSize(2);
      send("PATCH", path, "{\"limit\":1}");
      home.await(second, "succeeded");
      assertThat(decimal(home.json(path), "spent")).isEqualByComparingTo(cost(2));
    }
  }

  private void open(TestStore store, StubReply reply) throws Exception {
    OpenAiStub stub = OpenAiStub.replying(reply);
    model = stub;
    Map<String, String> environment = new HashMap<>(settings(stub));
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve("prices.yaml"), PRICES);
    environment.put("WINDLASS_HOME", home.toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    String url = store.newUrl();
    if (url != null) {
      environment.put("WINDLASS_DATABASE_URL", url);
    }
    server = Server.open(Config.read(environment, folder), environment);
  }

  private static Map<String, String> settings(OpenAiStub stub) {
    return Map.of(
        "OPENAI_API_KEY",
        "k",
        "OPENAI_BASE_URL",
        stub.baseUrl().toString(),
        "WINDLASS_BUDGET_OUTPUT_TOKENS",
        "20",
        "WINDLASS_MAX_CONCURRENT_EXECUTIONS",
        "50");
  }

  /** What calls of eleven and seven tokens cost. */
  private static BigDecimal cost(int calls) {
    return new BigDecimal("0.018").multiply(BigDecimal.valueOf(calls));
  }

  private static BigDecimal decimal(JsonNode budget, String field) {
    return budget.path("current").path(field).decimalValue();
  }

  private String budget(String draft) throws Exception {
    HttpResponse<String> made = send("POST", main("/v1/budgets"), draft);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return Json.read(made.body()).path("id").asString();
  }

  private JsonNode awaitBudget(String id, Predicate<JsonNode> wanted) throws Exception {
    JsonNode seen = Json.object();
    for (int i = 0; i < 1000; i++) {
      seen = get("/v1/budgets/" + id);
      assertThat(decimal(seen, "spent").add(decimal(seen, "reserved")))
          .isLessThanOrEqualTo(decimal(seen, "cap"));
      if (wanted.test(seen)) {
        return seen;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("not as wanted: " + seen + open("budget"));
  }

  private JsonNode ofExecution(String id) throws Exception {
    for (int i = 0; i < 500; i++) {
      for (JsonNode one : open("budget")) {
        if (one.toString().contains(id)) {
          return one;
        }
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("nothing asked by " + id + ": " + get("/v1/approvals"));
  }

  private List<JsonNode> open(String kind) {
    List<JsonNode> open = new ArrayList<>();
    try {
      for (JsonNode one : get("/v1/approvals?limit=200").path("items")) {
        if (one.toString().contains("\"" + kind + "\"")) {
          open.add(one);
        }
      }
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    return open;
  }

  private int done(List<String> ids) {
    try {
      int done = 0;
      for (String id : ids) {
        done += get("/v1/executions/" + id).path("status").asString().equals("succeeded") ? 1 : 0;
      }
      return done;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void decide(JsonNode approval, String answer) throws Exception {
    HttpResponse<String> decided = send("POST", decision(approval), answer);
    assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
  }

  /**
   * A question that was asked while a call beside it was under way is taken back once that call has
   * cost less than it might have; the one that stays is answered.
   */
  private void decideOf(String execution, String answer) throws Exception {
    HttpResponse<String> decided = send("POST", decision(ofExecution(execution)), answer);
    for (int i = 0; i < 50 && decided.body().contains("there is room in the budget again"); i++) {
      TimeUnit.MILLISECONDS.sleep(20);
      decided = send("POST", decision(ofExecution(execution)), answer);
    }
    assertThat(decided.statusCode()).as(decided.body()).isEqualTo(200);
  }

  private String decision(JsonNode approval) {
    return main("/v1/approvals/" + approval.path("id").asString() + "/decide");
  }

  private JsonNode await(String id, String status) throws Exception {
    JsonNode seen = Json.object();
    for (int i = 0; i < 1000; i++) {
      seen = get("/v1/executions/" + id);
      if (seen.path("status").asString("").equals(status)) {
        return seen;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("not " + status + ": " + seen);
  }

  private void save(String name, String yaml) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server().chainsUrl() + "/chains/" + name))
            .header("Content-Type", "text/yaml")
            .POST(BodyPublishers.ofString(yaml))
            .build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  private String execute(String chain, String input) throws Exception {
    HttpResponse<String> answer =
        send("POST", server().chainsUrl() + "/execute/" + chain, "{\"input\":" + input + "}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body()).path("executionId").asString();
  }

  private JsonNode get(String path) throws Exception {
    return Json.read(send("GET", main(path), null).body());
  }

  /** What the unified surface answers is held against its document. */
  private HttpResponse<String> send(String method, String url, @Nullable String body)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
    return url.contains("/v1/budgets") ? CONTRACT.hold(response) : response;
  }

  private String main(String path) {
    return server().mainUrl() + path;
  }

  private Server server() {
    if (server == null) {
      throw new IllegalStateException("no server");
    }
    return server;
  }

  private OpenAiStub stub() {
    if (model == null) {
      throw new IllegalStateException("no model");
    }
    return model;
  }
}
