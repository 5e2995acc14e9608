package io.windlass.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@Timeout(20)
class PreToolsTest {
  private static final State STATE =
      State.EMPTY.with(Map.of("topic", Json.text("engines"), "input.topic", Json.text("engines")));

  private final FakeStepContext context = new FakeStepContext(STATE);
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @FunctionalInterface
  private interface Body {
    String run(PreToolCall call) throws Exception;
  }

  private record Scripted(String name, Body body) implements PreTool {
    @Override
    public List<String> required() {
      return List.of();
    }

    @Override
    public String run(PreToolCall call) throws Exception {
      return body.run(call);
    }
  }

  @Test
  void runsInOrderAndEachSeesTheVariablesOfThoseBefore() throws Exception {
    State after =
        run(
            List.of(new Scripted("echo", call -> call.text("say") + "!")),
            """
            [{"type":"echo","inject_as":"first","say":"{topic}"},
             {"type":"echo","inject_as":"second","say":"{first}{input.topic}"}]\
            """);
    assertThat(after.text("first")).isEqualTo("engines!");
    assertThat(after.text("second")).isEqualTo("engines!engines!");
    assertThat(after.text("topic")).isEqualTo("engines");
    assertThat(context.logs()).hasSize(2).allMatch(line -> line.startsWith("info: Pre-tool echo"));
  }

  @Test
  void runsParallelNeighboursTogetherAndTheRestAfterThem() throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    List<PreTool> tools =
        List.of(
            new Scripted(
                "meet",
                call -> {
                  together.await(10, TimeUnit.SECONDS);
                  return call.text("say");
                }),
            new Scripted("echo", call -> call.text("say")));
    State after =
        run(
            tools,
            """
            [{"type":"meet","inject_as":"a","say":"1","parallel":true},
             {"type":"meet","inject_as":"b","say":"{a|none}","parallel":true},
             {"type":"echo","inject_as":"c","say":"{a}{b}"}]\
            """);
    assertThat(after.text("b")).isEqualTo("none");
    assertThat(after.text("c")).isEqualTo("1none");
  }

  @Test
  void putsTheErrorIntoTheVariableByDefault() throws Exception {
    State after =
        run(List.of(failing("no such host")), "[{\"type\":\"fails\",\"inject_as\":\"x\"}]");
    assertThat(after.text("x")).isEqualTo("[PRE-TOOL ERROR: no such host]");
    assertThat(context.logs()).anyMatch(line -> line.startsWith("warn:"));
  }

  @Test
  void leavesTheVariableEmpty_whenErrorsAreSkipped() throws Exception {
    State after =
        run(
            List.of(failing("x")),
            "[{\"type\":\"fails\",\"inject_as\":\"x\",\"on_error\":\"skip\"}]");
    assertThat(after.has("x")).isTrue();
    assertThat(after.text("x")).isEmpty();
  }

  @Test
  void failsTheStep_whenErrorsAreToFail() {
    assertThatThrownBy(() ->
            run(
                List.of(failing("disk on fire")),
                "[{\"type\":\"fails\",\"inject_as\":\"x\",\"on_error\":\"fail\"}]"))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("fails")
        .hasMessageContaining("\"x\"")
        .hasMessageContaining("disk on fire");
    assertThat(context.journal()).isEmpty();
  }

  @Test
  void cancelsParallelNeighbours_whenOneFailsTheStep() {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    List<PreTool> tools =
        List.of(
            new Scripted("hangs", call -> hang(waiting, interrupted)),
            new Scripted(
                "fails",
                call -> {
                  waiting.await();
                  throw new IOException("gone");
                }));
    assertThatThrownBy(() ->
            run(
                tools,
                """
                [{"type":"hangs","inject_as":"a","parallel":true},
                 {"type":"fails","inject_as":"b","parallel":true,"on_error":"fail"}]\
                """))
        .hasMessageContaining("gone");
    assertThat(interrupted).isTrue();
  }

  @Test
  void retriesWithGrowingWaits() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    State after =
        run(
            List.of(
                new Scripted(
                    "flaky",
                    call -> {
                      if (attempts.incrementAndGet() < 3) {
                        throw new IOException("busy");
                      }
                      return "fine";
                    })),
            "[{\"type\":\"flaky\",\"inject_as\":\"x\",\"retry\":2}]");
    assertThat(after.text("x")).isEqualTo("fine");
    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void neverRetriesWhatWouldOnlyFailAgain() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    run(
        List.of(
            new Scripted(
                "refuses",
                call -> {
                  attempts.incrementAndGet();
                  throw new WindlassException(ErrorCode.FORBIDDEN, "no");
                })),
        "[{\"type\":\"refuses\",\"inject_as\":\"x\",\"retry\":5}]");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void interruptsAToolWhoseTimeIsUp() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    State after =
        run(
            List.of(new Scripted("hangs", call -> hang(new CountDownLatch(1), interrupted))),
            "[{\"type\":\"hangs\",\"inject_as\":\"x\",\"timeout_ms\":30}]");
    assertThat(interrupted).isTrue();
    assertThat(after.text("x"))
        .isEqualTo("[PRE-TOOL ERROR: hangs took longer than 30 ms; raise timeout_ms]");
  }

  @Test
  void passesAnInterruptionOnInsteadOfInjectingIt() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    PreTools tools =
        new PreTools(List.of(new Scripted("hangs", call -> hang(waiting, interrupted))));
    Thread step =
        Thread.ofVirtual()
            .start(() -> {
              try {
                tools.run(context, calls("[{\"type\":\"hangs\",\"inject_as\":\"x\"}]"), STATE);
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    waiting.await();
    step.interrupt();
    step.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(interrupted).isTrue();
    assertThat(context.journal()).isEmpty();
  }

  @Test
  void answersAFinishedCallFromTheJournalAtReplay() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    List<PreTool> tools =
        List.of(
            new Scripted("count", call -> Integer.toString(runs.incrementAndGet())),
            failing("lasting"));
    String list =
        """
        [{"type":"count","inject_as":"n"},{"type":"fails","inject_as":"e"},
         {"type":"count","inject_as":"n"}]\
        """;
    State first = run(tools, list);
    State second = run(tools, list);
    assertThat(runs).hasValue(2);
    assertThat(second).isEqualTo(first);
    assertThat(context.journal()).containsOnlyKeys("pre:0:n", "pre:1:e", "pre:2:n");
  }

  @Test
  void keepsTheItemsOfALoopApart() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    PreTools tools =
        new PreTools(
            List.of(new Scripted("count", call -> Integer.toString(runs.incrementAndGet()))));
    List<ObjectNode> list = calls("[{\"type\":\"count\",\"inject_as\":\"n\"}]");
    assertThat(tools.run(context, "item0.", list, STATE).text("n")).isEqualTo("1");
    assertThat(tools.run(context, "item1.", list, STATE).text("n")).isEqualTo("2");
  }

  @Test
  void cachesByRenderedFields() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    PreTools tools =
        new PreTools(
            List.of(new Scripted("count", call -> call.text("of") + runs.incrementAndGet())));
    List<ObjectNode> list =
        calls(
            "[{\"type\":\"count\",\"inject_as\":\"n\",\"of\":\"{topic}\",\"cache_ttl_minutes\":5}]");
    assertThat(tools.run(new FakeStepContext(), list, STATE).text("n")).isEqualTo("engines1");
    assertThat(tools.run(new FakeStepContext(), list, STATE).text("n")).isEqualTo("engines1");
    State other = State.EMPTY.with("topic", Json.text("boats"));
    assertThat(tools.run(new FakeStepContext(), list, other).text("n")).isEqualTo("boats2");
  }

  @Test
  void namesAPreToolThatIsNotBuilt_beforeAnythingRuns() {
    AtomicInteger runs = new AtomicInteger();
    assertThatThrownBy(() ->
            run(
                List.of(new Scripted("count", call -> "" + runs.incrementAndGet())),
                """
                [{"type":"count","inject_as":"n"},
                 {"type":"web_search","inject_as":"news","query":"x","on_error":"skip"}]\
                """))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("\"web_search\" at pre_tools[1]")
        .hasMessageContaining("count");
    assertThat(runs).hasValue(0);
  }

  @Test
  void guessesWhatAMisspeltPreToolMeant() {
    assertThatThrownBy(() -> run(List.of(), "[{\"type\":\"htpp_fetch\",\"inject_as\":\"x\"}]"))
        .hasMessageContaining("Unknown pre-tool \"htpp_fetch\"")
        .hasMessageContaining("did you mean \"http_fetch\"?");
  }

  @Test
  void refusesUnusableSharedFields() {
    List<PreTool> tools = List.of(failing("x"));
    assertThatThrownBy(() -> run(tools, "[{\"type\":\"fails\"}]"))
        .hasMessageContaining("pre_tools[0] (fails) needs \"inject_as\"");
    assertThatThrownBy(() -> run(tools, "[{\"inject_as\":\"x\"}]"))
        .hasMessageContaining("needs a \"type\"");
    assertThatThrownBy(
            () -> run(tools, "[{\"type\":\"fails\",\"inject_as\":\"x\",\"timeout_ms\":\"soon\"}]"))
        .hasMessageContaining("timeout_ms must be a number of at least 0, not \"soon\"");
    assertThatThrownBy(
            () -> run(tools, "[{\"type\":\"fails\",\"inject_as\":\"x\",\"on_error\":\"retry\"}]"))
        .hasMessageContaining("on_error must be inject, skip or fail, not \"retry\"");
  }

  @Test
  void readsTheCallsOfAStepAndHandsItsDirectoryDown() {
    ObjectNode step =
        (ObjectNode)
            Json.read(
                """
                {"cwd":"/srv","pre_tools":[{"type":"bash"},{"type":"bash","cwd":"/own"}]}\
                """);
    assertThat(PreTools.calls(step))
        .extracting(call -> call.get("cwd").stringValue())
        .containsExactly("/srv", "/own");
    assertThat(PreTools.calls(Json.object())).isEmpty();
    assertThatThrownBy(() -> PreTools.calls((ObjectNode) Json.read("{\"pre_tools\":[\"bash\"]}")))
        .hasMessageContaining("pre_tools[0]");
  }

  @Test
  void knowsTheRequiredFieldsOfAllDocumentedPreTools() {
    assertThat(PreTools.requiredFields()).hasSize(30);
    assertThat(PreTools.requiredFields().get("bash")).containsExactly("command");
  }

  private State run(List<PreTool> tools, String list) throws Exception {
    return new PreTools(tools, pauses::add).run(context, calls(list), STATE);
  }

  private static List<ObjectNode> calls(String list) {
    List<ObjectNode> calls = new ArrayList<>();
    Json.read(list).forEach(call -> calls.add((ObjectNode) call));
    return calls;
  }

  private static PreTool failing(String message) {
    return new Scripted(
        "fails",
        call -> {
          throw new IOException(message);
        });
  }

  private static String hang(CountDownLatch waiting, AtomicBoolean interrupted)
      throws InterruptedException {
    waiting.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      interrupted.set(true);
      throw e;
    }
  }
}
