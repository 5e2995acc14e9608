package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Graphs that fail for want of a language model say that there is none, and what to set. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // the fields are set before the tests
final class OfflineGraphTest {
  private static final String[] TOLD = {
    "\"offline\"", "no language model is configured", "set OPENAI_API_KEY"
  };
  private GraphEngine without;
  private GraphEngine with;

  @BeforeAll
  void open(@TempDir Path folder) throws Exception {
    without = new GraphEngine(folder.resolve("without"), null, GraphTools.OFFLINE);
    with = new GraphEngine(folder.resolve("with"), null, "answers: [{text: Some words.}]");
  }

  @AfterAll
  void close() {
    without.close();
    with.close();
  }

  @Test
  void whenAnAnswerIsNoJson() throws Exception {
    told(
        """
        name: g
        nodes: [{name: ask, type: llm_node, prompt: Which colours?, output: [colours]}]
        edges: [{from: START, to: ask}, {from: ask, to: END}]
        """,
        "its result is to be JSON for the channels colours");
  }

  @Test
  void whenAnAnswerIsNoneOfTheRoutes() throws Exception {
    told(
        """
        name: g
        nodes:
        - {name: way, type: router_node, prompt: Which way?, routes: {left: END, right: END}}
        edges: [{from: START, to: way}]
        """,
        "is none of its routes left, right");
  }

  @Test
  void whenAnAnswerBeforeIsNoneOfTheRoutes() throws Exception {
    told(
        """
        name: g
        nodes:
        - {name: ask, type: llm_node, prompt: Which way?, output: way}
        - {name: choose, type: router_node, router: way, routes: {left: END, right: END}}
        edges: [{from: START, to: ask}, {from: ask, to: choose}]
        """,
        "is none of its routes left, right");
  }

  @Test
  void whenNoConditionHolds() throws Exception {
    told(
        """
        name: g
        nodes: [{name: ask, type: llm_node, prompt: Which way?, output: way}]
        edges:
        - {from: START, to: ask}
        - {from: ask, to: END, condition: '{way} == "left"'}
        """,
        "Nothing can follow node \"ask\"");
  }

  @Test
  void whenItDoesNotComeToAnEnd() throws Exception {
    told(
        """
        name: g
        recursion_limit: 4
        nodes: [{name: ask, type: llm_node, prompt: Go on?, output: way}]
        edges:
        - {from: START, to: ask}
        - {from: ask, to: ask, condition: '{way} != "no"', else: END}
        """,
        "The limit of 4 steps was reached at step \"ask\"");
  }

  @Test
  void whenTheResultDoesNotFit() throws Exception {
    told(
        """
        name: g
        output_schema: {type: object, required: [n], properties: {n: {type: integer}}}
        nodes: [{name: ask, type: llm_node, prompt: How many?, output: n}]
        edges: [{from: START, to: ask}, {from: ask, to: END}]
        """,
        "The result does not fit the graph's output_schema:\noutput.n: string found");
  }

  @Test
  void whenTheResultOfAGraphWithinItDoesNotFit() throws Exception {
    for (GraphEngine engine : new GraphEngine[] {without, with}) {
      engine.save(
          "graph",
          "inner",
          """
          name: inner
          nodes: [{name: ask, type: llm_node, prompt: How many?, output: n}]
          edges: [{from: START, to: ask}, {from: ask, to: END}]
          output: n
          """);
    }
    told(
        """
        name: g
        state: {n: integer}
        nodes: [{name: sub, type: subgraph, graph: inner, output: n}]
        edges: [{from: START, to: sub}, {from: sub, to: END}]
        """,
        "channel \"n\" takes integer");
  }

  @Test
  void butNotOfFailuresThatNoAnswerLedTo() throws Exception {
    assertThat(
            without.error(
                """
                name: g
                state: {n: integer}
                nodes: [{name: put, type: transform_node, set: {n: many}}]
                edges: [{from: START, to: put}, {from: put, to: END}]
                """,
                "{}"))
        .contains("channel \"n\" takes integer")
        .doesNotContain("offline", "language model");
  }

  /** The failure tells of the missing model, and where there is one it does not. */
  private void told(String graph, String error) throws Exception {
    assertThat(without.error(graph, "{}")).contains(error).contains(TOLD);
    assertThat(with.error(graph, "{}")).contains(error).doesNotContain("offline", "OPENAI");
  }
}
