package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.definition.Flow;
import io.windlass.engine.CodeKind;
import io.windlass.engine.CrashingEngine;
import io.windlass.engine.Engine;
import io.windlass.engine.Flows;
import io.windlass.execution.Execution;
import io.windlass.execution.ExecutionFilter;
import io.windlass.execution.ExecutionStatus;
import io.windlass.execution.StartRequest;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import io.windlass.step.Step;
import io.windlass.store.FusedDatabase;
import io.windlass.store.TestStore;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.PreTools;
import io.windlass.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stops an agent of three turns, one tool that reads and one that changes, between any two commits:
 * it ends well, no finished call happens again, and the tool that changes never happens twice.
 */
class AgentCrashTest {
  private static final int MOST_COMMITS = 60;
  private static final String FIELDS =
      """
      {"id": "agent", "prompt": "go", "model": "gpt-x", "tools": ["look", "change"]}
      """;

  @TempDir Path homes;
  private OpenAiStub stub;
  private Models models;

  /** How often each call happened, by the key of its effect, whichever incarnation did it. */
  private final Map<String, Integer> happened = new ConcurrentHashMap<>();

  private volatile FusedDatabase power = FusedDatabase.whole();

  @BeforeEach
  void open() throws IOException {
    stub = OpenAiStub.answering(this::answer);
    models =
        new Models(
            ModelConfig.read(
                Map.of("OPENAI_BASE_URL", stub.baseUrl().toString(), "OPENAI_API_KEY", "key"),
                Map.of()),
            InstantSource.system());
  }

  @AfterEach
  void close() throws IOException {
    models.close();
    stub.close();
  }

  @ParameterizedTest
  @EnumSource
  void repeatsNoFinishedCall_whereverItIsStopped(TestStore store) throws InterruptedException {
    for (int commit = 1; commit <= MOST_COMMITS; commit++) {
      boolean reached = crashAt(store, commit, true);
      reached |= crashAt(store, commit, false);
      if (!reached) {
        assertThat(commit).as("commits that a run takes").isGreaterThan(6);
        return;
      }
    }
    throw new AssertionError("the run takes more commits than were tried");
  }

  /** Whether the run got as far as that commit. */
  private boolean crashAt(TestStore store, int commit, boolean before) throws InterruptedException {
    happened.clear();
    Path home = homes.resolve(commit + (before ? "-before" : "-after"));
    String url = store.newUrl();
    FusedDatabase fuse = new FusedDatabase(commit, before);
    power = fuse;
    Engine first = CrashingEngine.open(home, url, fuse, kind());
    first.definitions().save("code", "agent", "agent");
    first.start();
    fuse.arm();
    ExecutionId accepted = null;
    try {
      accepted = start(first);
      awaitEndOrDark(first, accepted, fuse);
    } catch (RuntimeException e) {
      assertThat(fuse.isBlown()).as("trouble without a crash: " + e).isTrue();
    }
    boolean reached = fuse.isBlown();
    CrashingEngine.crash(first);
    fuse.release();
    goOn(
        home,
        url,
        accepted,
        new HashMap<>(happened),
        "commit " + commit + (before ? " lost" : " kept"));
    return reached;
  }

  private static ExecutionId start(Engine engine) {
    return engine
        .executions()
        .start(new StartRequest("code", "agent", Json.object(), "test", "me", "", "k", null))
        .id();
  }

  private static void awaitEndOrDark(Engine engine, ExecutionId id, FusedDatabase fuse)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!fuse.isBlown() && System.nanoTime() < deadline) {
      if (engine.executions().get(id).status().isFinal()) {
        return;
      }
      java.util.concurrent.TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  private void goOn(
      Path home,
      @Nullable String url,
      @Nullable ExecutionId accepted,
      Map<String, Integer> atCrash,
      String when)
      throws InterruptedException {
    power = FusedDatabase.whole();
    try (Engine second = CrashingEngine.open(home, url, power, kind())) {
      Set<String> durable = durable(second);
      second.start();
      if (accepted == null) {
        return;
      }
      Execution ended =
          second.executions().awaitEnd(accepted, Duration.ofSeconds(20)).orElseThrow();
      assertThat(ended.status())
          .as(when + ": " + ended.error())
          .isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(Json.show(ended.result())).as(when).isEqualTo("all done");
      assertThat(happened.keySet())
          .as(when)
          .contains("model:0:0", "model:0:1", "model:0:2", "look");
      assertThat(happened.getOrDefault("change", 0)).as(when).isLessThanOrEqualTo(1);
      happened.forEach((key, times) -> {
        assertThat(times).as("%s: %s", when, key).isLessThanOrEqualTo(2);
        if (durable.contains(key)) {
          assertThat(times).as("%s: the finished %s", when, key).isEqualTo(atCrash.get(key));
        }
      });
    }
  }

  /** What the journal has results of. */
  private static Set<String> durable(Engine engine) {
    Map<String, String> tools = Map.of("tool:0:0:0", "look", "tool:0:1:0", "change");
    Set<String> keys = new HashSet<>();
    for (Execution execution : engine.executions().list(ExecutionFilter.ALL, null, 10).items()) {
      for (var entry : engine.executions().entries(execution.id(), 0, 1000)) {
        if (entry.event() instanceof Event.EffectDone done) {
          keys.add(tools.getOrDefault(done.key(), done.key()));
        }
      }
    }
    return keys;
  }

  private StubReply answer(OpenAiStub.Request request) {
    JsonNode messages = request.body().path("messages");
    int turn = 0;
    for (JsonNode message : messages) {
      turn += message.path("role").asString("").equals("assistant") ? 1 : 0;
    }
    happen("model:0:" + turn);
    return switch (turn) {
      case 0 -> StubReply.calls(call("c1", "look"));
      case 1 -> StubReply.calls(call("c2", "change"));
      default -> StubReply.text("all ", "done");
    };
  }

  private static String call(String id, String tool) {
    return """
    {"tool_calls": [{"index": 0, "id": "%s", "type": "function", \
      "function": {"name": "%s", "arguments": "{\\"x\\": \\"a\\"}"}}]}\
    """
        .formatted(id, tool);
  }

  private void happen(String what) {
    if (power.isBlown()) {
      throw new IllegalStateException("nothing happens without power");
    }
    happened.merge(what, 1, Integer::sum);
  }

  private CodeKind kind() {
    return new CodeKind().with("agent", this::flow);
  }

  private Flow flow() {
    Toolbox box =
        new Toolbox(List.of(new BuiltInTools(List.of(tool("look", true), tool("change", false)))));
    Step agent =
        new AgentKind(models, new PreTools(List.of()), box, AgentSettings.STANDARD)
            .bind((ObjectNode) Json.read(FIELDS));
    return Flows.of("agent").step("agent", agent).build();
  }

  private FakeTool tool(String name, boolean readOnly) {
    return new FakeTool(
        name,
        readOnly,
        call -> {
          happen(name);
          return ToolResult.of(name + "ed");
        });
  }
}
