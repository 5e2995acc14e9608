package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Finding;
import io.windlass.kernel.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is found in documents before they run, and what they tell of themselves. */
final class GraphKindTest {
  @TempDir Path folder;
  private GraphTools tools;
  private GraphKind kind;

  @BeforeEach
  void open() throws Exception {
    tools = new GraphTools(folder, "answers: [{text: x}]");
    kind = tools.graphs;
  }

  @AfterEach
  void close() {
    tools.close();
  }

  @Test
  void tellsOfARetryTarget_thatIsNoOtherNode() {
    assertThat(
            errors(
                """
                name: judged
                nodes:
                  - {name: judge, type: evaluator, input_var: text, criteria: c, retry_target: nobody}
                edges: [{from: START, to: judge}, {from: judge, to: END}]
                """))
        .contains("nodes.0.retry_target: \"nobody\" is no other node; there are: judge");
  }

  @Test
  void tellsEveryFaultAtOnce() {
    assertThat(
            errors(
                """
                tags: tea
                state: {input: string, sum: {reducer: add, type: string}, n: {type: number, default: many}, x: what}
                input_schema: {type: [object], properties: {a: {type: texd}}}
                nodes:
                  - {name: a, type: llm_node}
                  - {name: a, type: transform_node, set: {}}
                  - {name: "b c", type: odd}
                  - {name: END, type: agent, prompt: x}
                  - {name: h, type: human_node, options: [x, x], on_expiry: y, routes: {x: nowhere}}
                  - {name: t, type: tool_node, tool: "{which}", server: s, pre_tool: {type: none}}
                  - {name: s, type: subgraph, input: 5}
                  - {name: r, type: router_node, router: n, prompt: x}
                  - {type: agent}
                edges:
                  - {from: START}
                  - {from: a, to: nowhere}
                  - {from: [START, a], to: START}
                  - {from: END, to: a}
                  - {from: a, to: h, else: a}
                  - {from: h, routes: {x: a}}
                  - 5
                output: absent
                """))
        .contains(
            "name: is required",
            "tags: expected a list, got \"tea\"",
            "state.input: \"input\" is taken: give the channel another name",
            "state.sum: the reducer add needs the type number, not string",
            "state.n.default: channel \"n\" takes number, got \"many\"",
            "nodes.0.prompt: at least one character is needed",
            "nodes.1.name: \"a\" is the name of nodes.0 too",
            "nodes.3.name: \"END\" is no node's name",
            "nodes.4.question: is required: what the person is asked",
            "nodes.4.options: each must be a text of its own",
            "nodes.4.on_expiry: \"y\" is none of the options x, x",
            "nodes.4.routes.x: there is no node \"nowhere\"",
            "nodes.5.tools: list the tools that \"{which}\" may turn out to be",
            "nodes.7: has both router and prompt: let a value choose, or a model",
            "nodes.8.name: is required",
            "edges.0.to: is required: the node, or the nodes, that it leads to",
            "edges.1.to: there is no node \"nowhere\"",
            "edges.2.from: START cannot stand beside nodes",
            "edges.2.to: nothing leads to START",
            "edges.3.from: nothing comes after END",
            "edges.4.else: needs a condition beside it",
            "edges.6: expected an object, got 5",
            "output: there is no channel \"absent\"; there are: input, sum, n, x")
        .anyMatch(line -> line.startsWith("state.x: expected one of any, string"))
        .anyMatch(line -> line.startsWith("input_schema"))
        .anyMatch(
            line -> line.startsWith("nodes.2.type: there is no node type \"odd\"; there are:"))
        .anyMatch(line -> line.startsWith("nodes.2.name: \"b c\" cannot be a name"))
        .anyMatch(line -> line.startsWith("nodes.6: names nothing to run"))
        .anyMatch(line -> line.startsWith("edges.5: needs both router"));
    assertThatThrownBy(() -> kind.outline("x", "name: x\nnodes: 5\n"))
        .hasMessage("Invalid graph \"x\":\nedges: is required\nnodes: expected a list, got 5");
  }

  @Test
  void findsWhatCanNeverHappen() {
    assertThat(
            errors(
                """
                name: g
                nodes:
                  - {name: way, type: router_node, router: input.x, routes: {a: a, b: b}}
                  - {name: a, type: router_node}
                  - {name: b, type: router_node}
                  - {name: join, type: router_node}
                  - {name: self, type: router_node}
                  - {name: alone, type: router_node}
                  - {name: round, type: router_node}
                edges:
                  - {from: START, to: [way, round]}
                  - {from: [a, b], to: join}
                  - {from: join, to: END}
                  - {from: [a, self], to: self}
                  - {from: self, to: END}
                  - {from: alone, to: END}
                  - {from: round, to: round}
                """))
        .containsExactlyInAnyOrder(
            "edges.1: this join can never fire: it waits for a, b, of which the choice after way lets only some run",
            "edges.3: this join can never fire: self cannot finish before it",
            "nodes.4: node \"self\" is never reached from START",
            "nodes.5: node \"alone\" is never reached from START",
            "nodes.6: no path leads from node \"round\" to END; add an edge");
    assertThat(
            errors("name: g\nnodes: [{name: a, type: router_node}]\nedges: [{from: a, to: END}]"))
        .containsExactly("edges: none begins at START: add {from: START, to: …}");
  }

  @Test
  void leavesJoinsAloneThatFireInAnotherRound() {
    assertThat(
            errors(
                """
                name: g
                nodes:
                  - {name: way, type: router_node}
                  - {name: a, type: router_node}
                  - {name: b, type: router_node}
                  - {name: join, type: router_node}
                edges:
                  - {from: START, to: way}
                  - {from: way, to: a, condition: "{input.x}", else: b}
                  - {from: [a, b], to: join}
                  - {from: [a], to: way}
                  - {from: join, to: END}
                """))
        .isEmpty();
  }

  @Test
  void warnsOfWhatMayNotBeMeant() {
    List<String> warnings =
        kind
            .lint(
                "g",
                """
                name: g
                recursion_limit: 1
                colour: red
                nodes:
                  - {name: a, type: llm_node, prompt: "{topic} {input.topic} {x|y} {item}", sytem: x, tools: [nothing]}
                  - {name: b, type: transform_node, set: {out: "{input.q}"}}
                edges:
                  - {from: START, to: a}
                  - {from: a, to: b, condition: "{out}"}
                  - {from: b, to: END}
                """)
            .stream()
            .filter(finding -> !finding.error())
            .map(Finding::toString)
            .toList();
    assertThat(warnings)
        .containsExactlyInAnyOrder(
            "colour: unknown field, it has no effect",
            "edges.1: where none of the conditions from there holds, the run fails; add else, or an edge with default: true",
            "nodes.0.tools: there is no tool \"nothing\"; the model does without it",
            "nodes.0.sytem: unknown field, it has no effect",
            "nodes.0.prompt: nothing sets {topic}: it stays in the text as it is",
            "recursion_limit: is 1, but a run may visit all of the 2 nodes");
  }

  @Test
  void warnsOfAJoinOfWhichOnlyAPartMayRun() {
    String graph =
        """
        name: g
        nodes:
          - {name: a, type: router_node}
          - {name: b, type: router_node}
          - {name: c, type: router_node}
          - {name: e, type: router_node}
        edges:
          - {from: START, to: a}
          - {from: a, to: b}
          - {from: a, to: c, condition: "{input.x}"}
          - {from: [b, c], to: e}
          - {from: [e, c], to: END}
        """;
    assertThat(warnings(graph))
        .containsExactly(
            "edges.3: this join waits for b, c, but where the condition of edges.2 does not hold c may not run, and the run ends without e; have the join begin where all of its beginnings run, or add an else");
    assertThat(warnings(graph.replace("{input.x}\"}", "{input.x}\", else: c}"))).isEmpty();
    assertThat(warnings(graph.replace("{from: a, to: b}", "{from: c, to: b}")))
        .as("what the others share")
        .noneMatch(warning -> warning.contains("this join"));
  }

  private List<String> warnings(String graph) {
    return kind.lint("g", graph).stream()
        .filter(finding -> !finding.error())
        .map(Finding::toString)
        .toList();
  }

  @Test
  void refusesAJoinBehindWhichNothingMayFollow() {
    String graph =
        """
        name: g
        nodes:
          - {name: a, type: router_node}
          - {name: b, type: router_node}
        edges:
          - {from: START, to: [a, b]}
          - {from: [a, b], to: END, condition: "{input.x}"}
        """;
    assertThat(errors(graph))
        .containsExactly(
            "edges.1: is a join, and where none of the conditions from there holds, the run fails; add else, or an edge with default: true");
    assertThat(
            errors(
                graph
                    .replace("condition: \"{input.x}\"", "router: input.x, routes: {y: END}")
                    .replace("to: END, ", "")))
        .singleElement()
        .asString()
        .contains("edges.1: is a join, and where \"input.x\" is none of y");
    assertThat(errors(graph.replace("}\"}", "}\", else: a}"))).isEmpty();
  }

  @Test
  void refusesAGraphThatRunsItself() {
    assertThat(
            kind.lint(
                "g",
                """
                name: g
                nodes: [{name: a, type: subgraph, graph: g}]
                edges: [{from: START, to: a}, {from: a, to: END}]
                """))
        .containsExactly(
            new Finding(
                "nodes.0.graph",
                "the graph \"g\" cannot run itself as a part of itself; make a cycle of edges instead",
                true));
  }

  @Test
  void tellsWhatItConsistsOf() {
    String source =
        """
        name: asis
        display_name: The Planner
        description: plans
        category: core
        tags: [a, b]
        version: 2.10
        input_schema: {type: object, required: [task], properties: {task: {type: string, description: what}, n: {type: integer, default: 3}}}
        nodes:
          - {name: plan, type: llm_node, prompt: x}
          - {name: work, type: human_node, question: x, routes: {approve: END, reject: plan}}
        edges:
          - {from: START, to: plan}
          - {from: plan, to: work}
        """;
    GraphView view = kind.view("asis", source);
    assertThat(view.nodes())
        .containsExactly(
            new GraphView.NodeView("plan", "llm_node", "plan"),
            new GraphView.NodeView("work", "human_node", "work"));
    assertThat(view.edges())
        .containsExactly(
            new GraphView.EdgeView("START", "plan", false),
            new GraphView.EdgeView("plan", "work", false),
            new GraphView.EdgeView("work", "END", true),
            new GraphView.EdgeView("work", "plan", true));
    assertThat(List.of(view.displayName(), view.category(), view.version(), view.tags()))
        .isEqualTo(List.of("The Planner", "core", "2.10", List.of("a", "b")));
    assertThat(view.inputSchema().path("required").path(0).asString()).isEqualTo("task");
    var outline = kind.outline("asis", source);
    assertThat(outline.title()).isEqualTo("The Planner");
    assertThat(outline.steps()).isEqualTo(2);
    assertThat(outline.inputs())
        .extracting(input -> input.name() + input.required())
        .containsExactly("tasktrue", "nfalse");
    assertThat(kind.begin("asis", source, Json.object().put("task", "t")).text("n")).isEqualTo("3");
  }

  @Test
  void tellsThatADocumentsOwnNameIsNotUsed_andOneFaultOnce() {
    String source =
        """
        name: own
        state: {count: {type: integer}}
        input_schema: {type: object, properties: {count: {type: integer}}}
        nodes: [{name: a, type: transform_node, set: {count: 1}}]
        edges: [{from: START, to: a}, {from: a, to: END}]
        """;
    assertThat(kind.lint("given", source))
        .filteredOn(finding -> !finding.error())
        .extracting(Finding::toString)
        .anyMatch(text -> text.contains("saved and run as \"given\""));
    assertThat(kind.lint("own", source)).isEmpty();
    assertThatThrownBy(() -> kind.begin("own", source, Json.object().put("count", "abc")))
        .hasMessageContaining("input.count: string found, integer expected")
        .message()
        .doesNotContain("channel");
  }

  @Test
  @Timeout(60)
  void readsAndCompilesTenThousandNodesInLinearTime() {
    String small = GraphKindTest.large(2_500);
    String large = GraphKindTest.large(10_000);
    long few = nanos(small);
    long many = nanos(large);
    // What else the machine does can only make either longer.
    for (int i = 0; i < 4 && many >= 10 * few; i++) {
      many = Math.min(many, nanos(large));
    }
    assertThat(kind.lint("large", large)).isEmpty();
    assertThat(Duration.ofNanos(many).toMillis())
        .as("10,000 nodes, beside %d ms for 2,500", Duration.ofNanos(few).toMillis())
        .isLessThan(10 * Math.max(100, Duration.ofNanos(few).toMillis()));
  }

  private long nanos(String source) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      // Another text each time, or it would be known.
      String fresh = source + "# " + i + "\n";
      long begun = System.nanoTime();
      assertThat(kind.compile("large", fresh).nodes()).hasSizeGreaterThan(2_000);
      best = Math.min(best, System.nanoTime() - begun);
    }
    return best;
  }

  /** A line of nodes, with a fan of many and their join in its middle, written from its end. */
  static String large(int size) {
    StringBuilder nodes = new StringBuilder();
    StringBuilder edges = new StringBuilder();
    int half = size / 2;
    for (int i = size - 1; i >= 0; i--) {
      nodes.append("  - {name: n%d, type: transform_node, set: {sum: 1}}\n".formatted(i));
      if (i > 0 && i < half) {
        edges.append("  - {from: n%d, to: n%d}\n".formatted(i - 1, i));
      } else if (i >= half && i < size - 1) {
        edges.append("  - {from: n%d, to: n%d}\n".formatted(half - 1, i));
      }
    }
    StringBuilder join = new StringBuilder();
    for (int i = half; i < size - 1; i++) {
      join.append(i == half ? "" : ", ").append("n").append(i);
    }
    return """
    name: large
    state: {sum: {reducer: add}}
    output: sum
    nodes:
    %sedges:
    %s  - {from: START, to: n0}
      - {from: [%s], to: n%d}
      - {from: n%d, to: END}
    """
        .formatted(nodes, edges, join, size - 1, size - 1);
  }

  private List<String> errors(String source) {
    return kind.lint("g", source).stream().filter(Finding::error).map(Finding::toString).toList();
  }
}
