package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What each type of node does, through an engine on each database. */
@ParameterizedClass
@EnumSource
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests of each database
final class GraphNodesTest {
  private static final String SCRIPT =
      """
      answers:
        - {step: plan, contains: "brew for Ann", text: '```json
      {"steps": ["heat", "pour"], "done": false}
      ```'}
        - {step: list, text: 'I think: none'}
        - {step: pick, contains: weather, text: ' Sunny. '}
        - {step: pick, text: 'no idea'}
        - {step: agent, contains: "heat then pour", text: fine}
        - {step: each, contains: "do heat", text: HOT}
        - {step: each, contains: "do pour", text: WET}
        - {step: talk, text: agreed}
        - {step: draft, contains: "too short", text: a long text}
        - {step: draft, text: short}
        - {step: judge, contains: a long text, text: 'PASS'}
        - {step: judge, text: 'FAIL: too short'}
      """;

  @Parameter private TestStore store;
  private GraphEngine engine;
  private GraphEngine asking;

  @BeforeParameterizedClassInvocation
  void open(TestStore database, @TempDir Path folder) throws Exception {
    store = database;
    engine = new GraphEngine(folder.resolve("a"), store.newUrl(), SCRIPT);
    asking = new GraphEngine(folder.resolve("b"), store.newUrl(), SCRIPT, "change");
  }

  @AfterParameterizedClassInvocation
  void close() {
    engine.close();
    asking.close();
  }

  @Test
  void aModelsJsonGoesIntoChannels() throws Exception {
    assertThat(
            engine.result(
                """
                name: g
                state: {steps: list, first: string, done: boolean, whole: object}
                nodes:
                  - {name: plan, type: llm_node, system: "You brew for {input.who.name}",
                     prompt: "Brew for {input.who.name|nobody}", output: {steps: $.steps, done: done, whole: $}}
                  - {name: show, type: transform_node, set: {first: "{steps.0} of {whole.steps.length}"}}
                edges:
                  - {from: START, to: plan}
                  - {from: plan, to: show}
                  - {from: show, to: END}
                output: [steps, first, done]
                """
                    .replace("Brew for", "brew for"),
                "{\"who\": {\"name\": \"Ann\"}}"))
        .isEqualTo(
            Json.read("{\"steps\":[\"heat\",\"pour\"],\"first\":\"heat of 2\",\"done\":false}"));
  }

  @Test
  void anAnswerThatFitsNoChannelFailsAndIsTriedAgain() throws Exception {
    ExecutionId id =
        engine.start(
            """
            name: g
            state: {steps: list}
            nodes: [{name: list, type: llm_node, prompt: list, output: steps, retry: {max: 2, delay_ms: 1}}]
            edges: [{from: START, to: list}, {from: list, to: END}]
            """,
            "{}");
    assertThat(engine.awaitEnd(id).error())
        .isEqualTo("Node \"list\": channel \"steps\" takes array, got \"I think: none\"");
    assertThat(engine.events(id)).filteredOn(Event.StepRetried.class::isInstance).hasSize(1);
  }

  @Test
  void aToolGetsItsArgumentsAsTheyAre() throws Exception {
    assertThat(
            engine.result(
                """
                name: g
                state: {items: {type: list, default: [1, 2]}, seen: object, name: {default: look}}
                nodes:
                  - {name: one, type: tool_node, tool: look, arguments: {x: "{items}"}, output: seen}
                  - {name: two, type: tool_node, tool: "{name}", tools: [look], arguments: {x: "n{items.1}"}, output: {name: saw}}
                edges: [{from: START, to: one}, {from: one, to: two}, {from: two, to: END}]
                output: [seen, name]
                """,
                "{}"))
        .isEqualTo(Json.read("{\"seen\":{\"saw\":[1,2]},\"name\":\"n2\"}"));
  }

  @Test
  void aToolOutsideOfItsListIsNotCalled() throws Exception {
    engine.tools.calls.clear();
    assertThat(
            engine.error(
                """
                name: g
                nodes: [{name: one, type: tool_node, tool: "{input.name}", tools: [look], arguments: {x: a}}]
                edges: [{from: START, to: one}, {from: one, to: END}]
                """,
                "{\"name\": \"change\"}"))
        .isEqualTo("Tool \"change\": There is no tool \"change\"; there are: look");
    assertThat(engine.tools.calls).isEmpty();
  }

  @Test
  void aToolsFailureEndsTheRunOrIsItsResult() throws Exception {
    String graph =
        """
        name: g
        nodes: [{name: one, type: tool_node, tool: break, arguments: {x: a}, output: told}]
        edges: [{from: START, to: one}, {from: one, to: END}]
        output: told
        """;
    assertThat(engine.error(graph, "{}")).isEqualTo("Tool \"break\": it is broken");
    assertThat(engine.result(graph.replace("{x: a}", "{x: a}, on_error: continue"), "{}"))
        .isEqualTo(Json.text("it is broken"));
    assertThat(engine.error(graph.replace("{x: a}", "{y: a}"), "{}"))
        .contains("The arguments do not fit", "x");
  }

  @Test
  void aToolThatNeedsConsentAsksForIt() throws Exception {
    String graph =
        """
        name: g
        nodes: [{name: one, type: tool_node, tool: change, arguments: {x: a}, output: told}]
        edges: [{from: START, to: one}, {from: one, to: END}]
        output: told
        """;
    ExecutionId id = asking.start(graph, "{}");
    assertThat(asking.decide(id, "one", "approve", null)).contains("call the tool change");
    assertThat(asking.awaitEnd(id).result()).isEqualTo(Json.text("{\"saw\": \"a\"}"));
    ExecutionId refused = asking.start("{}");
    var _ = asking.decide(refused, "one", "reject", "not now");
    assertThat(asking.awaitEnd(refused).error()).contains("refused this call: not now");
  }

  @Test
  void aPreToolIsANodeToo() throws Exception {
    assertThat(
            engine.result(
                """
                name: g
                nodes: [{name: one, type: tool_node, pre_tool: {type: gather, topic: "{input.topic}"}, output: told}]
                edges: [{from: START, to: one}, {from: one, to: END}]
                output: told
                """,
                "{\"topic\": \"tea\"}"))
        .isEqualTo(Json.text("facts on tea"));
  }

  @Test
  void aRouterGoesByAValue() throws Exception {
    String graph =
        """
        name: g
        state: {verdict: object, path: {reducer: append}}
        nodes:
          - {name: way, type: router_node, router: verdict.kind, routes: {good: a, Bad: [b, c]}, default: d}
          - {name: a, type: transform_node, set: {path: a}}
          - {name: b, type: transform_node, set: {path: b}}
          - {name: c, type: transform_node, set: {path: c}}
          - {name: d, type: transform_node, set: {path: "d after {route.way}"}}
        edges: [{from: START, to: way}, {from: a, to: END}, {from: b, to: END}, {from: c, to: END}, {from: d, to: END}]
        output: path
        """;
    assertThat(engine.result(graph, "{\"verdict\": {\"kind\": \"good\"}}").toString())
        .isEqualTo("[\"a\"]");
    assertThat(engine.result(graph, "{\"verdict\": {\"kind\": \"bad\"}}").values())
        .containsExactlyInAnyOrder(Json.text("b"), Json.text("c"));
    assertThat(engine.result(graph, "{\"verdict\": {\"kind\": \"odd\"}}").toString())
        .isEqualTo("[\"d after odd\"]");
  }

  @Test
  void aRouterLetsAModelChoose() throws Exception {
    String graph =
        """
        name: g
        nodes:
          - {name: pick, type: router_node, prompt: "{input.about}?", routes: {sunny: a, rainy: b}}
          - {name: a, type: transform_node, set: {out: sun}}
          - {name: b, type: transform_node, set: {out: rain}}
        edges: [{from: START, to: pick}, {from: a, to: END}, {from: b, to: END}]
        output: out
        """;
    assertThat(engine.result(graph, "{\"about\": \"weather\"}")).isEqualTo(Json.text("sun"));
    assertThat(engine.error(graph, "{\"about\": \"tea\"}"))
        .isEqualTo("Node \"pick\": \"\" is none of its routes sunny, rainy; add it, or a default");
    assertThat(
            engine.result(
                graph.replace("rainy: b}", "rainy: b}, default: b"), "{\"about\": \"tea\"}"))
        .isEqualTo(Json.text("rain"));
  }

  @Test
  void aPersonsAnswerIsAChannelAndARoute() throws Exception {
    String graph =
        """
        name: g
        nodes:
          - {name: ask, type: human_node, question: "Ship {input.what}?", options: [ship, fix, drop],
             output: choice, comment: why, routes: {ship: END, fix: mend, drop: END}}
          - {name: mend, type: transform_node, set: {choice: "mended: {why}"}}
        edges: [{from: START, to: ask}, {from: mend, to: ask}]
        output: choice
        """;
    ExecutionId id = engine.start(graph, "{\"what\": \"it\"}");
    assertThat(engine.decide(id, "ask", "fix", "too slow")).isEqualTo("Ship it?");
    var _ = engine.decide(id, "ask", "ship", null);
    assertThat(engine.awaitEnd(id).result()).isEqualTo(Json.text("ship"));
    assertThat(engine.visits(id)).containsExactly("ask", "mend", "ask");
  }

  @Test
  void aQuestionExpires() throws Exception {
    String graph =
        """
        name: g
        nodes: [{name: ask, type: human_node, question: Go?, expires_after: 0.05, output: choice}]
        edges: [{from: START, to: ask}, {from: ask, to: END}]
        output: choice
        """;
    assertThat(engine.error(graph, "{}")).contains("Nobody answered", "on_expiry");
    assertThat(engine.result(graph.replace("0.05", "0.05, on_expiry: reject"), "{}"))
        .isEqualTo(Json.text("reject"));
  }

  @Test
  void anotherDefinitionIsANode() throws Exception {
    engine.save(
        "graph",
        "inner",
        """
        name: inner
        state: {n: number}
        input_schema: {type: object, required: [n], properties: {n: {type: number}}}
        nodes: [{name: twice, type: transform_node, set: {n: "{n}0"}}]
        edges: [{from: START, to: twice}, {from: twice, to: END}]
        output: {value: "{n}"}
        """);
    engine.save(
        "chain",
        "note",
        """
        name: note
        inputs: [{name: about}]
        steps: [{id: s, type: transform, operation: template, template_str: "on {about}", prompt: x, output_var: o}]
        output: o
        """);
    String graph =
        """
        name: g
        nodes:
          - {name: in, type: subgraph, graph: inner, input: {n: "{input.count}"}, output: {got: value}}
          - {name: note, type: subgraph, kind: chain, definition: "{input.chain}", input: {about: "{got} teas"}, output: told}
        edges: [{from: START, to: in}, {from: in, to: note}, {from: note, to: END}]
        output: [got, told]
        """;
    assertThat(engine.result(graph, "{\"count\": 4, \"chain\": \"note\"}"))
        .isEqualTo(Json.read("{\"got\":40,\"told\":\"on 40 teas\"}"));
    assertThat(engine.error(graph, "{\"count\": \"x\", \"chain\": \"note\"}")).contains("input.n");
    assertThat(engine.error(graph, "{\"count\": 4, \"chain\": \"absent\"}"))
        .contains("There is no chain \"absent\"");
  }

  @Test
  void graphsThatRunEachOtherStop() throws Exception {
    String other =
        """
        name: g
        nodes: [{name: in, type: subgraph, graph: other}]
        edges: [{from: START, to: in}, {from: in, to: END}]
        """;
    engine.save("graph", "other", other.replace("graph: other", "graph: g"));
    assertThat(engine.error(other, "{}")).contains("nested deeper than 10");
    assertThat(
            engine.error(
                other.replace("graph: other", "definition: '{input.me}'"), "{\"me\": \"g\"}"))
        .contains("cannot run itself");
  }

  @Test
  void everyStepTypeOfChainsIsANode() throws Exception {
    String graph =
        """
        name: g
        state: {steps: {type: list, default: [heat, pour]}, hot: list, done: any, text: any, verdict: any, all: any, said: any, last: any}
        nodes:
          - {name: agent, type: agent, prompt: "{steps.0} then {steps.1}", output: done}
          - {name: each, type: loop, items_var: steps, prompt: "do {item}", output: hot}
          - {name: join, type: transform, operation: join, input_var: hot, prompt: x, template_str: "+", output: text}
          - {name: talk, type: debate, prompt: why, debate_agents: [{prompt: be bold}], output: said}
          - {name: draft, type: agent, prompt: "write", output: last}
          - {name: judge, type: evaluator, prompt: x, input_var: last, criteria: length, on_fail: retry, retry_target: draft, output: verdict}
          - {name: all, type: merge, prompt: x, inputs: [done, text, said, last], output: all}
          - {name: gate, type: gate, prompt: "ok?", gate_auto_approve_if: "true"}
        edges:
          - {from: START, to: [agent, each, talk, draft]}
          - {from: each, to: join}
          - {from: draft, to: judge}
          - {from: [agent, join, talk, judge], to: all}
          - {from: all, to: gate}
          - {from: gate, to: END}
        output: all
        """;
    assertThat(Json.show(engine.result(graph, "{}")).replace("\n", ""))
        .isEqualTo("fine---HOT+WET---agreed---a long text");
  }

  @Test
  void aSkippedNodeWritesNothing() throws Exception {
    assertThat(
            engine
                .result(
                    """
                    name: g
                    state: {notes: {reducer: append}}
                    nodes:
                      - {name: a, type: transform_node, condition: '{input.a} == "yes"', set: {notes: a}}
                      - {name: b, type: agent, condition: '{input.a} == "yes"', prompt: b, output: notes}
                    edges: [{from: START, to: a}, {from: a, to: b}, {from: b, to: END}]
                    output: notes
                    """,
                    "{}")
                .toString())
        .isEqualTo("[]");
  }

  @Test
  void aTransformNodeRunsTheOperationsOfChains() throws Exception {
    assertThat(
            engine.result(
                """
                name: g
                nodes: [{name: a, type: transform_node, operation: regex_match, regex: "[0-9]{2}", prompt: "{input.t}", output: found}]
                edges: [{from: START, to: a}, {from: a, to: END}]
                output: found
                """,
                "{\"t\": \"a 12 b 345\"}"))
        .isEqualTo(Json.text("12\n34"));
  }
}
