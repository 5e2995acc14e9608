package io.windlass.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.engine.CrashableEngine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The power goes at each commit of a cycle with parallel branches: the end is the same. */
final class GraphCrashTest {
  private static final String GRAPH =
      """
      name: g
      state: {n: {reducer: add}, seen: {reducer: append}, notes: {reducer: merge}, last: any}
      nodes:
        - {name: turn, type: transform_node, set: {n: 0.50, last: null}}
        - {name: left, type: tool_node, tool: look, arguments: {x: "left {n}"}, output: seen}
        - {name: right, type: tool_node, tool: look, arguments: {x: "right {n}"}, output: {notes: $}}
        - {name: join, type: transform_node, set: {last: "{n}"}}
      edges:
        - {from: START, to: turn}
        - {from: turn, to: [left, right]}
        - {from: [left, right], to: join}
        - {from: join, to: turn, condition: "{n} < 2", else: END}
      output: {n: "{n}", seen: "{seen}", notes: "{notes}", last: "{last}"}
      """;
  private static final int MOST_COMMITS = 60;
  @TempDir Path homes;
  private int ran;

  @ParameterizedTest
  @EnumSource
  @Timeout(180)
  void comesToTheSameEnd_whereverItIsStopped(TestStore store) throws Exception {
    int commit = 1;
    while (crashedAt(commit, store)) {
      commit++;
      assertThat(commit).as("commits of one run").isLessThan(MOST_COMMITS);
    }
    assertThat(commit).as("commits of one run").isGreaterThan(8);
  }

  /** Whether the run got as far as that commit. */
  private boolean crashedAt(int commit, TestStore store) throws Exception {
    Path home = homes.resolve("home" + ++ran);
    @Nullable String url = store.newUrl();
    try (GraphTools tools = new GraphTools(homes, "answers: [{text: x}]")) {
      boolean reached;
      try (CrashableEngine first =
          new CrashableEngine(home, url, tools.graphs, commit, commit % 2 == 0)) {
        first.engine().definitions().save("graph", "g", GRAPH);
        first.begin();
        first.arm();
        try {
          ExecutionId id =
              first
                  .engine()
                  .executions()
                  .start(
                      new StartRequest("graph", "g", Json.object(), "test", "me", "", null, null))
                  .id();
          while (!first.isOut() && !first.engine().executions().get(id).status().isFinal()) {
            Thread.sleep(1);
          }
        } catch (RuntimeException e) {
          assertThat(first.isOut()).as("trouble without a crash: " + e).isTrue();
        }
        reached = first.isOut();
        first.crash();
      }
      finish(tools, home, url);
      return reached;
    }
  }

  private static void finish(GraphTools tools, Path home, @Nullable String url) throws Exception {
    try (CrashableEngine second = new CrashableEngine(home, url, tools.graphs, 0, false)) {
      List<Execution> found =
          second.engine().executions().list(ExecutionFilter.ALL, null, 10).items();
      if (found.isEmpty()) {
        return;
      }
      ExecutionId id = found.getFirst().id();
      boolean over = found.getFirst().status().isFinal();
      long durable = second.events(id).stream().filter(Event.EffectDone.class::isInstance).count();
      tools.calls.clear();
      second.begin();
      Execution ended = second.awaitEnd(id);
      assertThat(ended.status()).as(ended.error()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(String.valueOf(ended.result()))
          .isEqualTo(
              "{\"n\":2,\"seen\":[%s],\"notes\":{\"saw\":\"right 2\"},\"last\":2}"
                  .formatted(
                      String.join(",", List.of(saw("0.5"), saw("1"), saw("1.5"), saw("2")))));
      if (!over) {
        assertThat(tools.calls)
            .as("calls besides the %d durable ones", durable)
            .hasSize((int) (8 - durable));
      }
    }
  }

  private static String saw(String n) {
    return Json.write("{\"saw\": \"left " + n + "\"}");
  }
}
