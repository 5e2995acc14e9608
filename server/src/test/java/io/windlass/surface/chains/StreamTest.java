package io.windlass.surface.chains;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.store.TestStore;
import io.windlass.surface.chains.ChainsServer.Frame;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of real runs, read by real clients. */
@ParameterizedClass
@EnumSource
final class StreamTest {
  private static final String TWO_STEPS =
      """
      name: Two
      steps:
        - id: one
          label: First step
          prompt: %s
          output_var: a
        - id: two
          prompt: say and {a}
          output_var: b
          depends_on: [one]
      output: b
      """;
  private final TestStore store;
  @TempDir Path folder;
  private ChainsServer server;

  StreamTest(TestStore store) {
    this.store = store;
  }

  @BeforeEach
  void open() throws Exception {
    server = new ChainsServer(folder, store);
    server.save("/chains/two", TWO_STEPS.formatted("say some words here"));
    server.save("/chains/held", TWO_STEPS.formatted("hold gate early words"));
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void tellsALateClientEverythingAndEnds() throws Exception {
    String id = server.start("two", "{}");
    server.ended(id);
    List<Frame> told = server.frames(id, 0);
    told.forEach(frame -> server.contract.holdSchema("StreamEvent", frame.json()));
    assertThat(told.stream().map(Frame::brief).distinct())
        .containsExactly(
            "execution_started",
            "step_started one",
            "step_log one",
            "step_output one",
            "step_done one",
            "step_started two",
            "step_log two",
            "step_output two",
            "step_done two",
            "execution_done");
    assertThat(told.get(1).json().path("label").asString()).isEqualTo("First step");
    assertThat(text(told, "one")).isEqualTo("some words here");
    assertThat(text(told, "two")).isEqualTo("and some words here");
    assertThat(told.getLast().json().path("result").asString()).isEqualTo("and some words here");
  }

  @Test
  void tellsALateClientOnePieceOfEachOutput_ofTheAttemptThatCounts() throws Exception {
    server.save(
        "/chains/broken",
        TWO_STEPS
            .formatted("break-off cable a long answer")
            .replace("label: First step", "retry: {max: 2, delay_ms: 1}"));
    String id = server.start("broken", "{}");
    server.ended(id);
    List<Frame> told = server.frames(id, 0);
    assertThat(chunks(told, "one")).containsExactly("A LONG ANSWER");
    assertThat(chunks(told, "two")).containsExactly("and A LONG ANSWER");
    assertThat(told.stream().map(Frame::brief).toList())
        .containsSubsequence(
            "step_started one", "step_log one", "step_output one", "step_done one");
    assertThat(told.stream().map(Frame::id)).isSorted();
    for (int seen = 1; seen < told.size(); seen++) {
      List<Frame> both = new ArrayList<>(told.subList(0, seen));
      both.addAll(server.frames(id, both.getLast().id()));
      assertThat(chunks(both, "one")).as("after frame %d", seen).contains("A LONG ANSWER");
      assertThat(chunks(both, "two")).as("after frame %d", seen).contains("and A LONG ANSWER");
    }
  }

  @Test
  void tellsALateClientOnePieceOfWhatARunningStepHasSaid() throws Exception {
    String id = server.start("held", "{}");
    server.awaitFrame(id, "words");
    try (BufferedReader lines = lines(id)) {
      String line = lines.readLine();
      while (!line.contains("step_output")) {
        line = lines.readLine();
      }
      assertThat(line).contains("\"chunk\":\"early words\"");
      server.play.release("gate");
      List<Frame> rest = Frame.all(lines.lines().collect(Collectors.joining("\n")));
      assertThat(chunks(rest, "one")).isEmpty();
      assertThat(text(rest, "two")).isEqualTo("and early words");
    }
  }

  private static List<String> chunks(List<Frame> told, String step) {
    return told.stream()
        .filter(frame -> frame.brief().equals("step_output " + step))
        .map(frame -> frame.json().path("chunk").asString())
        .toList();
  }

  @Test
  void losesNothingWhereverAClientReconnects() throws Exception {
    String id = server.start("two", "{}");
    List<Frame> whole = server.frames(id, 0);
    for (int seen = 1; seen < whole.size(); seen++) {
      List<Frame> before = whole.subList(0, seen);
      List<Frame> after = server.frames(id, before.getLast().id());
      String one = text(before, "one") + text(after, "one");
      String two = text(before, "two") + text(after, "two");
      assertThat(one).as("after frame %d", seen).endsWith("here").startsWith("some");
      assertThat(two).as("after frame %d", seen).endsWith("here").startsWith("and");
      assertThat(after.getLast().type()).isEqualTo("execution_done");
      assertThat(after.stream().map(Frame::id)).allMatch(n -> n >= before.getLast().id());
    }
    assertThat(server.reconnect(id, whole.getLast().id()).statusCode())
        .as("nothing is left, and an EventSource must stop")
        .isEqualTo(204);
    assertThat(text(server.frames(id, 1_000_000), "two")).isEqualTo(text(whole, "two"));
    assertThat(whole.stream().map(Frame::brief).distinct().toList())
        .as("no output overtakes the beginning of its step")
        .containsSubsequence("step_started two", "step_output two", "step_done two");
    assertThat(text(whole, "two")).isEqualTo("and some words here");
  }

  @Test
  void showsOutputWhileTheStepStillRuns() throws Exception {
    String id = server.start("held", "{}");
    try (BufferedReader lines = lines(id)) {
      StringBuilder text = new StringBuilder();
      while (!text.toString().equals("early words")) {
        String line = lines.readLine();
        assertThat(line).as("the stream goes on").isNotNull();
        if (line.contains("step_output")) {
          text.append(Frame.all(line + "\n").getFirst().json().path("chunk").asString());
        }
      }
      assertThat(server.json("/executions/" + id).path("status").asString()).isEqualTo("running");
      server.play.release("gate");
      List<Frame> rest = Frame.all(lines.lines().collect(Collectors.joining("\n")));
      assertThat(text(rest, "one")).as("nothing is shown twice").isEmpty();
      assertThat(rest.getLast().type()).isEqualTo("execution_done");
    }
  }

  @Test
  void endsAtTheServersSideForCurl() throws Exception {
    String id = server.start("two", "{}");
    Process curl =
        new ProcessBuilder(
                "curl", "-sN", "--max-time", "20", server.url("/executions/" + id + "/stream"))
            .start();
    String stream = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(curl.waitFor()).isZero();
    assertThat(Frame.all(stream).getLast().type()).isEqualTo("execution_done");
    assertThat(stream).contains("}\nid: ");
  }

  @Test
  void tellsASubchainAsOutputOfTheCallingStep() throws Exception {
    server.save(
        "/chains/outer",
        """
        name: Outer
        steps:
          - id: call
            type: subchain
            prompt: x
            subchain: two
            output_var: r
        output: r
        """);
    String id = server.start("outer", "{}");
    List<Frame> told = server.frames(id, 0);
    assertThat(told.stream().filter(f -> f.type().equals("step_output")))
        .isNotEmpty()
        .allSatisfy(frame -> {
          assertThat(frame.json().path("stepId").asString()).isEqualTo("call");
          assertThat(frame.json().path("chunk").asString()).startsWith("[sub:two] ");
        });
    List<String> briefs = told.stream().map(Frame::brief).toList();
    assertThat(briefs.indexOf("step_done call"))
        .as("the child is told whole before its step is done")
        .isGreaterThan(briefs.lastIndexOf("step_output call"));
    assertThat(told.stream().filter(f -> f.type().equals("step_log")))
        .anySatisfy(frame ->
            assertThat(frame.json().path("message").asString())
                .isEqualTo("[sub:two] First step started"));
    assertThat(told.getLast().json().path("result").asString()).isEqualTo("and some words here");
  }

  @Test
  void tellsAResumedChildOnFromWhereItEnded() throws Exception {
    server.save(
        "/chains/inner",
        """
        name: Inner
        steps:
          - {id: one, prompt: say one, output_var: a}
          - {id: two, prompt: 'fail-once resumed-child', output_var: b, depends_on: [one]}
        output: b
        """);
    server.save(
        "/chains/caller",
        """
        name: Caller
        steps:
          - {id: call, type: subchain, prompt: x, subchain: inner, output_var: r}
        output: r
        """);
    String id = server.start("caller", "{}");
    server.ended(id);
    server.method("POST", "/executions/" + id + "/resume");
    List<Frame> told = server.frames(id, 0);
    List<String> logged =
        told.stream()
            .filter(frame -> frame.type().equals("step_log"))
            .map(frame -> frame.json().path("message").asString())
            .filter(message -> message.startsWith("[sub:inner] "))
            .toList();
    assertThat(logged)
        .containsOnlyOnce("[sub:inner] one started", "[sub:inner] one: speaking")
        .contains("[sub:inner] one: Done before the resume: its result comes from a checkpoint");
    assertThat(logged).last().asString().startsWith("[sub:inner] two done in");
    List<String> briefs = told.stream().map(Frame::brief).toList();
    assertThat(briefs.subList(briefs.lastIndexOf("execution_started"), briefs.size()))
        .as("what the resumed run did, and that alone, comes after the resume")
        .containsOnlyOnce("step_output call")
        .endsWith("step_done call", "execution_done");
  }

  @Test
  void tellsWhatIsDeepInsideOnce_howeverOftenItIsResumed() throws Exception {
    server.save(
        "/chains/deep0",
        """
        name: Deep0
        steps:
          - {id: one, prompt: say one, output_var: a}
          - {id: two, prompt: 'fail-once deep-two', output_var: b, depends_on: [one]}
          - {id: three, prompt: 'fail-once deep-three', output_var: c, depends_on: [two]}
        output: c
        """);
    nest("deep", 3);
    String id = server.start("deep3", "{}");
    server.ended(id);
    server.method("POST", "/executions/" + id + "/resume");
    server.method("POST", "/executions/" + id + "/resume");
    List<Frame> told = server.frames(id, 0);
    assertThat(told.getLast().type()).isEqualTo("execution_done");
    assertThat(messages(told))
        .containsOnlyOnce("[sub:deep2] [sub:deep1] [sub:deep0] one started")
        .containsOnlyOnce("[sub:deep2] [sub:deep1] [sub:deep0] one: speaking")
        .areExactly(
            2,
            new Condition<>(
                message -> message.contains("[sub:deep0] three started"), "tries of the last"));
    assertThat(messages(server.frames(id, 0))).hasSameSizeAs(messages(told));
  }

  @Test
  void tellsAllOfAChildThatWasCancelledWithItsParent_lateAndAfterAResume() throws Exception {
    server.save(
        "/chains/cut0",
        """
        name: Cut0
        steps:
          - {id: one, prompt: say one, output_var: a}
          - {id: two, prompt: 'hold cut two', output_var: b, depends_on: [one]}
        output: b
        """);
    nest("cut", 2);
    String id = server.start("cut2", "{}");
    server.awaitFrame(id, "[sub:cut1] [sub:cut0] two: speaking");
    server.method("DELETE", "/executions/" + id);
    List<Frame> cancelled = server.frames(id, 0);
    assertThat(cancelled.getLast().type()).isEqualTo("execution_error");
    assertThat(messages(cancelled))
        .containsOnlyOnce("[sub:cut1] [sub:cut0] one started")
        .containsOnlyOnce("[sub:cut1] [sub:cut0] two: speaking");
    server.play.release("cut");
    server.method("POST", "/executions/" + id + "/resume");
    List<String> resumed = messages(server.frames(id, 0));
    assertThat(resumed)
        .containsOnlyOnce("[sub:cut1] [sub:cut0] one started")
        .contains(
            "[sub:cut1] [sub:cut0] one: Done before the resume: its result comes from a checkpoint")
        .anyMatch(message -> message.startsWith("[sub:cut1] [sub:cut0] two done in"));
  }

  @Test
  void tellsTheChildrenOfThePastOneAfterTheOther_asTheyEnded() throws Exception {
    server.save(
        "/chains/part",
        """
        name: Part
        inputs: [{name: item}]
        steps:
          - {id: one, prompt: 'hold part-{item} some words', output_var: a}
          - {id: two, prompt: say two, output_var: b, depends_on: [one]}
        output: b
        """);
    server.save(
        "/chains/parts",
        """
        name: Parts
        steps:
          - {id: slow, type: subchain, prompt: x, subchain: part, subchain_input_map: {item: a}, output_var: r}
          - {id: quick, type: subchain, prompt: x, subchain: part, subchain_input_map: {item: b}, output_var: q}
        output: r
        """);
    String id = server.start("parts", "{}");
    server.awaitFrame(id, "\"slow\",\"message\":\"[sub:part] one: speaking");
    server.play.release("part-b");
    server.awaitFrame(id, "\"stepId\":\"quick\",\"durationMs\"");
    server.play.release("part-a");
    server.ended(id);

    List<String> children =
        server.frames(id, 0).stream()
            .filter(frame -> frame.json().toString().contains("[sub:part] "))
            .map(frame -> frame.json().path("stepId").asString())
            .toList();

    assertThat(children).startsWith("quick").endsWith("slow").isSorted();
  }

  @Test
  void tellsTheBeginningOfAStepThatGoesOnAfterAResume() throws Exception {
    server.save(
        "/chains/judged",
        """
        name: Judged
        steps:
          - {id: work, prompt: 'then-hold judged words', output_var: a}
          - {id: judge, prompt: again work, output_var: b, depends_on: [work]}
        output: b
        """);
    String id = server.start("judged", "{}");
    try (BufferedReader lines = lines(id)) {
      assertThat(
              lines
                  .lines()
                  .filter(line -> line.contains("step_started") && line.contains("\"work\""))
                  .limit(2))
          .hasSize(2);
    }
    server.method("DELETE", "/executions/" + id);
    server.play.release("judged");
    server.method("POST", "/executions/" + id + "/resume");

    List<String> told = server.frames(id, 0).stream().map(Frame::brief).toList();

    assertThat(told.subList(told.lastIndexOf("execution_started"), told.size()))
        .containsOnlyOnce("step_started judge", "step_started work")
        .containsSubsequence("step_started judge", "step_done work", "step_done judge")
        .endsWith("execution_done");
  }

  /** Chains of that name, each of which calls the one with the number before its own. */
  private void nest(String name, int depth) throws Exception {
    for (int i = 1; i <= depth; i++) {
      server.save(
          "/chains/" + name + i,
          """
          name: N
          steps:
            - {id: call, type: subchain, prompt: x, subchain: %s%d, output_var: r}
          output: r
          """
              .formatted(name, i - 1));
    }
  }

  private static List<String> messages(List<Frame> told) {
    return told.stream()
        .filter(frame -> frame.type().equals("step_log"))
        .map(frame -> frame.json().path("message").asString())
        .toList();
  }

  @Test
  void numbersTheSubchainsOfALoop() throws Exception {
    server.save(
        "/chains/looped",
        """
        name: Looped
        steps:
          - id: each
            type: loop
            prompt: x
            items_var: input.items
            step_template: {type: subchain, subchain: two}
            output_var: r
        output: r
        """);
    String id = server.start("looped", "{\"items\":\"[\\\"a\\\",\\\"b\\\"]\"}");
    List<Frame> told = server.frames(id, 0);
    assertThat(told.getLast().type()).isEqualTo("execution_done");
    List<String> chunks =
        told.stream()
            .filter(frame -> frame.brief().equals("step_output each"))
            .map(frame -> frame.json().path("chunk").asString())
            .filter(chunk -> chunk.contains("[sub:"))
            .toList();
    assertThat(chunks)
        .allMatch(chunk -> chunk.matches("(?s)\\[[12]\\] \\[sub:two\\] .*"))
        .anyMatch(chunk -> chunk.startsWith("[1] "))
        .anyMatch(chunk -> chunk.startsWith("[2] "));
  }

  @Test
  void answersManyClientsOfOneRun() throws Exception {
    String id = server.start("held", "{}");
    List<CompletableFuture<List<Frame>>> clients =
        java.util.stream.IntStream.range(0, 50)
            .mapToObj(
                _ -> CompletableFuture.supplyAsync(() -> read(id), Thread::startVirtualThread))
            .toList();
    server.play.release("gate");
    for (CompletableFuture<List<Frame>> client : clients) {
      assertThat(text(client.get(), "two")).isEqualTo("and early words");
    }
  }

  private List<Frame> read(String id) {
    try {
      return server.frames(id, 0);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private BufferedReader lines(String id) throws Exception {
    return new BufferedReader(
        new InputStreamReader(
            server.open(server.request("/executions/" + id + "/stream").header("Accept", "*/*")),
            StandardCharsets.UTF_8));
  }

  private static String text(List<Frame> frames, String step) {
    return frames.stream()
        .filter(frame -> frame.brief().equals("step_output " + step))
        .map(frame -> frame.json().path("chunk").asString())
        .collect(Collectors.joining());
  }
}
