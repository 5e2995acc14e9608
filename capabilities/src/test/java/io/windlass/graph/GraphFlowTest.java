package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionStatus;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** How graphs go from node to node and what becomes of their state, on each database. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class GraphFlowTest {
  private static final String COUNTING =
      """
      name: g
      recursion_limit: LIMIT
      state: {n: {type: integer, reducer: add}, log: {reducer: append}}
      nodes:
        - {name: count, type: transform_node, set: {n: 1, log: "{n}"}}
      edges:
        - {from: START, to: count}
        - {from: count, to: END, condition: "{n} > 9"}
        - {from: count, to: count, default: true}
      output: [n, log]
      """;

  @Parameter private TestStore store;
  private GraphEngine engine;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path folder) throws Exception {
    store = database;
    engine = new GraphEngine(folder.resolve("home"), store.newUrl(), "answers: [{text: x}]");
  }

  @AfterParameterizedClassInvocation
  void close() {
    engine.close();
  }

  @Test
  void aCycleGoesOnUntilItsConditionHolds() throws Exception {
    assertThat(engine.result(COUNTING.replace("LIMIT", "10"), "{}").toString())
        .isEqualTo("{\"n\":10,\"log\":[0,1,2,3,4,5,6,7,8,9]}");
  }

  @Test
  void aJoinThatOnlyAPartCameToIsToldOf_whenTheRunEnds() throws Exception {
    String graph =
        """
        name: g
        nodes:
          - {name: a, type: transform_node, set: {at: a}}
          - {name: b, type: transform_node, set: {b: 1}}
          - {name: c, type: transform_node, set: {c: 1}}
          - {name: e, type: transform_node, set: {e: 1}}
        edges:
          - {from: START, to: a}
          - {from: a, to: b}
          - {from: a, to: c, condition: '{input.k} == "y"'}
          - {from: [b, c], to: e}
          - {from: e, to: END}
        """;
    ExecutionId half = engine.start(graph, "{\"k\": \"x\"}");
    assertThat(engine.awaitEnd(half).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(engine.events(half))
        .filteredOn(Event.StepLog.class::isInstance)
        .containsExactly(
            new Event.StepLog(
                "b",
                LogLevel.WARN,
                "The join of b and c did not fire: it waited for c, so that it never led to e"));
    ExecutionId whole = engine.start(graph, "{\"k\": \"y\"}");
    assertThat(engine.awaitEnd(whole).status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(engine.events(whole)).noneMatch(Event.StepLog.class::isInstance);
  }

  @Test
  void aCycleEndsAtTheLimit() throws Exception {
    ExecutionId id = engine.start(COUNTING.replace("LIMIT", "9"), "{}");
    Execution ended = engine.awaitEnd(id);
    assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(ended.error()).contains("limit of 9 steps", "\"count\"");
    assertThat(engine.visits(id)).hasSize(9);
    ExecutionId standard =
        engine.start(COUNTING.replace("recursion_limit: LIMIT\n", "").replace("> 9", "> 99"), "{}");
    assertThat(engine.awaitEnd(standard).error()).contains("limit of 25 steps");
  }

  @Test
  void parallelBranchesMeetInReducers() throws Exception {
    String graph =
        """
        name: g
        state:
          sum: {reducer: add, default: 0.5}
          list: {reducer: append, default: [start]}
          map: {reducer: merge}
          last: string
          seen: object
        nodes:
          - {name: a, type: transform_node, set: {sum: "1.10", list: a, map: {a: 1, both: "{input.x}"}}}
          - {name: b, type: transform_node, set: {sum: 2, list: [b, c], map: {b: [2]}}}
          - {name: c, type: transform_node, set: {sum: -3.35, list: [[d]], map: null, last: 7}}
          - {name: end, type: transform_node, set: {seen: {sum: "{sum}", all: "{list}", text: "{map.both} {map.b.0} {last}"}}}
        edges:
          - {from: START, to: [a, b, c]}
          - {from: [a, b, c], to: end}
          - {from: end, to: END}
        output: {seen: "{seen}", map: "{map}"}
        """;
    var result = engine.result(graph, "{\"x\": {\"deep\": true}}");
    assertThat(result.path("seen").path("sum").toString()).isEqualTo("0.25");
    assertThat(result.path("seen").path("text").asString()).isEqualTo("{\"deep\":true} 2 7");
    assertThat(result.path("seen").path("all").values())
        .contains(Json.text("start"), Json.text("a"), Json.text("b"), Json.read("[\"d\"]"))
        .hasSize(5);
    assertThat(result.path("map"))
        .isEqualTo(Json.read("{\"a\":1,\"b\":[2],\"both\":{\"deep\":true}}"));
  }

  @Test
  void aNodeOfSeveralEdgesRunsOnceARound_whenAllOfTheRoundBeforeIsDone() throws Exception {
    String graph =
        """
        name: g
        state: {path: {reducer: append}}
        nodes:
          - {name: a, type: transform_node, set: {path: a}}
          - {name: ask, type: human_node, question: "Go on?"}
          - {name: c, type: transform_node, set: {path: c}}
        edges: [{from: START, to: [a, ask]}, FROM, {from: c, to: END}]
        output: path
        """;
    for (String from : List.of("{from: a, to: c}, {from: ask, to: c}", "{from: [a, ask], to: c}")) {
      ExecutionId id = engine.start(graph.replace("FROM", from), "{}");
      var _ = engine.decide(id, "ask", "approve", null);
      assertThat(engine.awaitEnd(id).result()).isEqualTo(Json.read("[\"a\", \"c\"]"));
      assertThat(engine.visits(id)).containsExactly("a", "ask", "c");
    }
  }

  @Test
  void aNodeRunsInEachRoundThatLeadsToIt() throws Exception {
    assertThat(
            engine
                .result(
                    """
                    name: g
                    state: {path: {reducer: append}}
                    nodes:
                      - {name: a, type: transform_node, set: {path: a}}
                      - {name: b, type: transform_node, set: {path: b}}
                      - {name: c, type: transform_node, set: {path: c}}
                    edges:
                      - {from: START, to: a}
                      - {from: a, to: [b, c]}
                      - {from: b, to: c}
                      - {from: c, to: END}
                    output: path
                    """,
                    "{}")
                .values())
        .filteredOn(Json.text("c")::equals)
        .hasSize(2);
  }

  @Test
  void aPlaceWhereNoConditionHoldsFailsTheRun_unlessThereIsADefault() throws Exception {
    String graph =
        """
        name: g
        nodes:
          - {name: a, type: transform_node, set: {kind: "{input.kind}"}, MORE}
          - {name: b, type: transform_node, set: {out: b}}
        edges:
          - {from: START, to: a}
          - EDGE
          - {from: b, to: END}
        output: out
        """;
    String conditional = graph.replace("EDGE", "{from: a, to: b, condition: '{kind} == \"x\"'}");
    String plain = conditional.replace(", MORE", "");
    assertThat(engine.result(plain, "{\"kind\": \"x\"}")).isEqualTo(Json.text("b"));
    assertThat(engine.error(plain, "{\"kind\": \"y\"}"))
        .isEqualTo(
            "Nothing can follow node \"a\": no condition of edges.1 holds; add else, or a default");
    assertThat(engine.error(conditional.replace("MORE", "condition: \"{input.go}\""), "{}"))
        .as("a node that is skipped")
        .startsWith("Nothing can follow node \"a\"");
    String routed =
        graph.replace(", MORE", "").replace("EDGE", "{from: a, router: kind, routes: {x: b}}");
    assertThat(engine.error(routed, "{\"kind\": \"y\"}")).contains("edges.1.routes.x");
    assertThat(engine.result(routed.replace("{x: b}", "{x: b}, default: END"), "{\"kind\": \"y\"}"))
        .isEqualTo(Json.tree(null));
    engine.save("graph", "g", plain.replace("to: a}", "to: a, condition: \"{input.go}\"}"));
    assertThatThrownBy(() -> engine.start("{}")).hasMessageContaining("Nothing can follow START");
  }

  @Test
  void aRunMayHaveALimitRetriesAndATimeOfItsOwn() throws Exception {
    ExecutionId id =
        engine.start(COUNTING.replace("LIMIT", "9"), "{\"_config\": {\"recursion_limit\": 10}}");
    Execution ended = engine.awaitEnd(id);
    assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
    assertThat(
            engine.error(
                COUNTING.replace("LIMIT", "90"), "{\"_config\": {\"recursion_limit\": 4}}"))
        .contains("limit of 4 steps");
    String broken =
        """
        name: g
        input_schema: {type: object, additionalProperties: false}
        nodes: [{name: a, type: tool_node, tool: NAME, arguments: {x: a}, retry: {max: 1, delay_ms: 1}}]
        edges: [{from: START, to: a}, {from: a, to: END}]
        """;
    ExecutionId retried =
        engine.start(broken.replace("NAME", "break"), "{\"_config\": {\"max_retries\": 2}}");
    assertThat(engine.awaitEnd(retried).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(engine.events(retried)).filteredOn(Event.StepRetried.class::isInstance).hasSize(2);
    assertThat(engine.error(broken.replace("NAME", "hang"), "{\"_config\": {\"timeout\": 0.05}}"))
        .startsWith("Timed out after");
    assertThatThrownBy(() ->
            engine.start(
                "{\"_config\": {\"timeout\": 0, \"max_retries\": -1, \"recursion_limit\": 1.5}}"))
        .hasMessageContainingAll("config.timeout", "config.max_retries", "config.recursion_limit");
  }

  @Test
  void aJoinInACycleWaitsEachTime() throws Exception {
    String graph =
        """
        name: g
        state: {n: {reducer: add}, path: {reducer: append}}
        nodes:
          - {name: fan, type: router_node}
          - {name: a, type: transform_node, set: {path: a}}
          - {name: b, type: transform_node, set: {path: b}}
          - {name: join, type: transform_node, set: {n: 1, path: j}}
        edges:
          - {from: __start__, to: fan}
          - {from: fan, to: [a, b]}
          - {from: [a, b], to: join}
          - {from: join, to: fan, condition: "{n} < 3", else: __end__}
        output: path
        """;
    assertThat(
            Json.show(engine.result(graph, "{}"))
                .replace("\"b\",\"a\"", "\"a\",\"b\"")
                .replaceAll("[\",]", ""))
        .isEqualTo("[abjabjabj]");
  }

  @Test
  void theBeginningCanBeChosen() throws Exception {
    String graph =
        """
        name: g
        input_schema: {type: object, properties: {mode: {enum: [fast, slow], default: slow}, times: {type: integer, minimum: 1}}, required: [times]}
        nodes:
          - {name: a, type: transform_node, set: {out: "a {times}"}}
          - {name: b, type: transform_node, set: {out: "b {times}"}}
        edges:
          - {from: START, router: "{mode}", routes: {fast: a}, default: b}
          - {from: [a], to: END}
          - {from: b, to: END}
        output: out
        """;
    assertThat(engine.result(graph, "{\"mode\": \"fast\", \"times\": 1}"))
        .isEqualTo(Json.text("a 1"));
    assertThat(engine.result(graph, "{\"times\": 2}")).isEqualTo(Json.text("b 2"));
    assertThatThrownBy(() -> engine.start("{\"mode\": \"odd\", \"times\": 0}"))
        .hasMessageContainingAll("input.mode", "input.times")
        .hasMessageNotContaining("$");
    assertThatThrownBy(() -> engine.start("{\"mode\": 5}"))
        .hasMessageContainingAll("input.mode", "input.times");
  }

  @Test
  void aFailureStopsWhatRunsBesideIt() throws Exception {
    engine.tools.calls.clear();
    ExecutionId id =
        engine.start(
            """
            name: g
            nodes:
              - {name: long, type: tool_node, tool: hang, arguments: {x: a}}
              - {name: other, type: tool_node, tool: "{input.tool}", tools: [break], arguments: {x: b}, retry: {max: 3, delay_ms: 1}}
            edges:
              - {from: START, to: [long, other]}
              - {from: [long, other], to: END}
            """,
            "{\"tool\": \"break\"}");
    Execution ended = engine.awaitEnd(id);
    assertThat(ended.error()).isEqualTo("Tool \"break\": it is broken");
    assertThat(engine.events(id)).filteredOn(Event.StepRetried.class::isInstance).hasSize(2);
    assertThat(engine.tools.calls.stream().filter("break \"b\""::equals)).hasSize(3);
    assertThat(engine.tools.interrupted.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aNodeAndAGraphCanRunOutOfTime() throws Exception {
    String graph =
        """
        name: g
        nodes: [{name: long, type: tool_node, tool: hang, arguments: {x: a}, tool_timeout_ms: 60000, timeout: 0.05}]
        edges: [{from: START, to: long}, {from: long, to: END}]
        """;
    assertThat(engine.error(graph, "{}")).contains("50 ms");
    assertThat(
            engine.error(
                graph
                    .replace("timeout: 0.05", "label: L")
                    .replace("name: g\n", "name: g\ntimeout: 0.05\n"),
                "{}"))
        .startsWith("Timed out after");
  }

  @Test
  void aFailedRunGoesOnFromItsLastDurableNode() throws Exception {
    engine.tools.calls.clear();
    ExecutionId id =
        engine.start(
            """
            name: g
            state: {n: {reducer: add}, seen: {reducer: append}}
            nodes:
              - {name: one, type: tool_node, tool: look, arguments: {x: "{n}"}, output: seen}
              - {name: two, type: transform_node, set: {n: 1}}
              - {name: three, type: tool_node, tool: break, arguments: {x: b}}
            edges:
              - {from: START, to: one}
              - {from: one, to: two}
              - {from: two, to: one, condition: "{n} < 3", else: three}
              - {from: three, to: END}
            """,
            "{}");
    assertThat(engine.awaitEnd(id).status()).isEqualTo(ExecutionStatus.FAILED);
    var _ = engine.engine.executions().resume(id, "me", null);
    assertThat(engine.awaitEnd(id).status()).isEqualTo(ExecutionStatus.FAILED);
    assertThat(engine.tools.calls)
        .containsExactly("look 0", "look 1", "look 2", "break \"b\"", "break \"b\"");
  }

  @Test
  @Timeout(120)
  void tenThousandNodesRunInLinearTime() throws Exception {
    if (store == TestStore.POSTGRES) {
      // Its commits, one for each node of a line, would be all that is measured.
      assertThat(engine.result(GraphKindTest.large(10_000), "{}").asInt()).isEqualTo(10_000);
      return;
    }
    long few = nanos(2_500);
    long many = nanos(10_000);
    // What else the machine does can only make either longer.
    for (int i = 0; i < 4 && many >= 12 * few; i++) {
      many = Math.min(many, nanos(10_000));
    }
    assertThat(many).as("10,000 nodes, beside %d ns for 2,500", few).isLessThan(12 * few);
  }

  private long nanos(int nodes) throws Exception {
    String graph = GraphKindTest.large(nodes);
    assertThat(engine.result(graph, "{}").asInt()).isEqualTo(nodes);
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 2; i++) {
      long begun = System.nanoTime();
      assertThat(engine.awaitEnd(engine.start("{}")).result()).isEqualTo(Json.tree(nodes));
      best = Math.min(best, System.nanoTime() - begun);
    }
    return best;
  }

  @Test
  void aResultThatBreaksItsFormFailsTheRun() throws Exception {
    String graph =
        """
        name: g
        output_schema: {type: object, required: [answer], properties: {answer: {type: string}, n: {type: integer}}}
        nodes: [{name: a, type: transform_node, set: {answer: "{input.a}", n: 1}}]
        edges: [{from: START, to: a}, {from: a, to: END}]
        """;
    assertThat(engine.result(graph, "{\"a\": \"yes\"}").toString())
        .isEqualTo("{\"answer\":\"yes\",\"n\":1}");
    assertThat(engine.error(graph, "{\"a\": 3}")).contains("output_schema", "output.answer");
  }
}
