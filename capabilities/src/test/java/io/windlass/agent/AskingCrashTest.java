package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.engine.CrashableEngine;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import io.windlass.store.TestDatabases;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The power goes in the middle of loops and evaluations: no finished call is made again. */
final class AskingCrashTest {
  private static final String LOOP =
      """
      name: crashing
      steps:
        - {id: l, type: loop, items_var: list, max_parallel: 2, prompt: "do {item} {facts}",
           pre_tools: [{type: gather, inject_as: facts}], output_var: out}
      output: out
      """;
  private static final String JUDGED =
      """
      name: crashing
      steps:
        - {id: draft, prompt: "Write from {facts}", output_var: text,
           pre_tools: [{type: gather, inject_as: facts}]}
        - {id: judge, type: evaluator, depends_on: [draft], prompt: x, input_var: text,
           criteria: long, retry_target: draft, on_fail: retry, output_var: verdict}
        - {id: end, type: transform, operation: template, prompt: x, output_var: out,
           depends_on: [judge], template_str: "{verdict} {text}"}
      output: out
      """;
  private static final int MOST_COMMITS = 40;
  @TempDir Path homes;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger ran = new AtomicInteger();

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void repeatsNoFinishedCall_whereverItIsStopped(boolean postgres, boolean loop) throws Exception {
    int commit = 1;
    while (crashedAt(commit, postgres, loop)) {
      commit++;
      assertThat(commit).as("commits of one run").isLessThan(MOST_COMMITS);
    }
    assertThat(commit).as("commits of one run").isGreaterThan(5);
  }

  /** Whether the run got as far as that commit. */
  private boolean crashedAt(int commit, boolean postgres, boolean loop) throws Exception {
    calls.set(0);
    Path home = homes.resolve("home" + ran.incrementAndGet());
    @Nullable String url = postgres ? TestDatabases.newPostgresUrl() : null;
    boolean lost = commit % 2 == 0;
    try (OpenAiStub stub = OpenAiStub.answering(request -> reply(request.prompt()));
        AskingChains chains = new AskingChains(stub)) {
      boolean reached;
      try (CrashableEngine first = new CrashableEngine(home, url, chains.kind, commit, lost)) {
        first.engine().definitions().save("chain", "crashing", loop ? LOOP : JUDGED);
        first.begin();
        first.arm();
        try {
          ExecutionId id = first.start("crashing", Json.object().put("list", "a\nb\nc\nd"));
          while (!first.isOut() && !first.engine().executions().get(id).status().isFinal()) {
            Thread.sleep(2);
          }
        } catch (RuntimeException e) {
          assertThat(first.isOut()).as("trouble without a crash: " + e).isTrue();
        }
        reached = first.isOut();
        first.crash();
      }
      finish(chains, home, url, loop);
      return reached;
    }
  }

  private void finish(AskingChains chains, Path home, @Nullable String url, boolean loop)
      throws InterruptedException {
    try (CrashableEngine second = new CrashableEngine(home, url, chains.kind, 0, false)) {
      List<Execution> found =
          second.engine().executions().list(ExecutionFilter.ALL, null, 10).items();
      if (found.isEmpty()) {
        return;
      }
      ExecutionId id = found.getFirst().id();
      boolean over = found.getFirst().status().isFinal();
      long asked = durable(second, id, false);
      long gathered = durable(second, id, true);
      calls.set(0);
      chains.gathered.set(0);
      second.begin();
      Execution ended = second.awaitEnd(id);
      assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      if (loop) {
        assertThat(Json.read(Json.show(ended.result())).size()).isEqualTo(4);
      } else {
        assertThat(Json.show(ended.result())).isEqualTo("PASS better");
      }
      if (!over) {
        assertThat(calls)
            .as("calls besides the %d durable ones", asked)
            .hasValue((int) (4 - asked));
        assertThat(chains.gathered).hasValue((int) ((loop ? 4 : 1) - gathered));
      }
    }
  }

  private static long durable(CrashableEngine engine, ExecutionId id, boolean preTools) {
    return engine.events(id).stream()
        .filter(Event.EffectDone.class::isInstance)
        .filter(event -> ((Event.EffectDone) event).key().startsWith("pre:") == preTools)
        .count();
  }

  private StubReply reply(String prompt) {
    calls.incrementAndGet();
    if (prompt.startsWith("Evaluate")) {
      return StubReply.text(prompt.contains("better") ? "PASS" : "FAIL: poor");
    }
    return StubReply.text(prompt.contains("FAIL: poor") ? "better" : "poor");
  }
}
