package io.windlass.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The reference servers of the protocol, and one that goes wrong on demand. */
@SuppressWarnings("NullAway.Init") // set before each test
final class McpServersTest {
  private static final String TOKEN = "tok-4f7a9c0123";
  @TempDir Path folder;
  private McpServers servers;

  @AfterEach
  void stop() {
    if (servers != null) {
      servers.close();
    }
  }

  @Test
  void callsToolsOfTheServerWithABitOfEverything() throws Exception {
    open(
        Json.object()
            .set("mcpServers", Json.object().set("all", node(NodePeers.everything(), "stdio"))));

    assertThat(servers.list())
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(McpServer.State.STOPPED));
    McpAnswer echo = servers.call("all", "echo", json("message", "hello"), null);
    assertThat(echo.text()).isEqualTo("Echo: hello");
    assertThat(echo.failed()).isFalse();
    McpAnswer sum = servers.call("all", "get-sum", Json.object().put("a", 2).put("b", 40), null);
    assertThat(sum.text()).contains("42");
    McpAnswer image = servers.call("all", "get-tiny-image", Json.object(), null);
    assertThat(image.text()).contains("[image, image/png, ");
    McpAnswer structured =
        servers.call("all", "get-structured-content", json("location", "New York"), null);
    assertThat(Objects.requireNonNull(structured.structured())).isNotNull();
    assertThat(Objects.requireNonNull(structured.structured()).path("temperature").isNumber())
        .isTrue();
    assertThatThrownBy(() -> servers.call("all", "get-sum", json("a", "two"), null))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("get-sum")
        .hasMessageContaining("It takes: a, b");
    assertThatThrownBy(() -> servers.call("all", "nothing", Json.object(), null))
        .hasMessageContaining("has no tool \"nothing\"")
        .hasMessageContaining("get-sum");
    assertThat(servers.list())
        .singleElement()
        .satisfies(one -> {
          assertThat(one.state()).isEqualTo(McpServer.State.RUNNING);
          assertThat(one.version()).isNotBlank();
          assertThat(one.tools()).isGreaterThan(5);
          assertThat(one.capabilities()).contains("tools", "resources", "prompts");
        });
    assertThat(servers.status())
        .singleElement()
        .satisfies(one -> assertThat(one.responseMillis()).isNotNull());
  }

  @Test
  void readsAndWritesFiles_byABareMapAndReferences() throws Exception {
    Path shown = Files.createDirectory(folder.resolve("shown"));
    Files.writeString(shown.resolve("a.txt"), "what it says");
    ObjectNode files = node(NodePeers.filesystem(), "${SHOWN}");
    open(Json.object().set("files", files), Map.of("SHOWN", shown.toRealPath().toString()));

    Path file = shown.toRealPath().resolve("a.txt");
    assertThat(servers.call("files", "read_text_file", json("path", "" + file), null).text())
        .isEqualTo("what it says");
    McpAnswer refused = servers.call("files", "read_text_file", json("path", "/etc/passwd"), null);
    assertThat(refused.failed()).isTrue();
    assertThat(refused.text()).contains("denied");
    assertThat(servers.tools("files"))
        .filteredOn(McpTool::readOnly)
        .extracting(McpTool::name)
        .contains("read_text_file")
        .doesNotContain("write_file");
    assertThat(Json.write(servers.settings())).contains("${SHOWN}");
  }

  @Test
  void startsAgain_whenAServerDiedInTheMiddleOfACall() throws Exception {
    open(Json.object().set("bad", misbehaving("")));

    assertThatThrownBy(() -> servers.call("bad", "die", Json.object(), null))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MCP_FAILED))
        .hasMessageContaining("MCP server bad ended in the middle of the call of die")
        .hasMessageContaining("exit code 7")
        .hasMessageContaining("out of luck");
    McpAnswer next = servers.call("bad", "grow", Json.object(), null);

    assertThat(next.text()).isEqualTo("grown");
    assertThat(journal()).filteredOn(line -> line.startsWith("start")).hasSize(2);
    until(() -> names("bad").contains("late"));
  }

  @Test
  void tellsTheServer_whenACallTookTooLong() throws Exception {
    open(Json.object().set("bad", misbehaving("")));
    var _ = servers.tools("bad");

    assertThatThrownBy(() -> servers.call("bad", "hang", Json.object(), Duration.ofMillis(500)))
        .hasMessageContaining("did not answer the call of hang within 500 ms");

    until(() -> journal().contains("cancelled"));
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
    assertThat(journal()).filteredOn(line -> line.startsWith("start")).hasSize(1);
  }

  @Test
  void keepsTheTimeOfACall_whenTheServerAnswersNothingAnyMore() throws Exception {
    open(Json.object().set("bad", misbehaving("")));
    var _ = servers.tools("bad");
    long began = System.nanoTime();

    assertThatThrownBy(() -> servers.call("bad", "freeze", Json.object(), Duration.ofMillis(500)))
        .hasMessageContaining("did not answer the call of freeze within 500 ms");

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    until(() -> servers.list().getFirst().state() == McpServer.State.FAILED);
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
  }

  @Test
  void stopsAServer_thatSendsAMessageWithoutEnd() throws Exception {
    open(Json.object().set("bad", misbehaving("")));

    assertThatThrownBy(() -> servers.call("bad", "flood", Json.object(), null))
        .hasMessageContaining("more than 32 MB");
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
  }

  @Test
  void failsACallAtOnce_whoseAnswerCannotBeRead() throws Exception {
    open(Json.object().set("bad", misbehaving("")));

    assertThatThrownBy(() -> servers.call("bad", "garble", Json.object(), Duration.ofSeconds(60)))
        .hasMessageContaining("MCP server bad")
        .hasMessageContaining("garble")
        .hasMessageContaining("cannot be read as JSON");
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
    assertThat(journal()).filteredOn(line -> line.startsWith("start")).hasSize(1);
  }

  @Test
  void failsOneCallAlone_whoseAnswerHasTheWrongForm() throws Exception {
    open(Json.object().set("bad", misbehaving("")));
    var _ = servers.tools("bad");

    try (Fork<McpAnswer> other = Fork.open("other")) {
      other.fork(() -> servers.call("bad", "slow", Json.object(), Duration.ofSeconds(60)));
      assertThatThrownBy(
              () -> servers.call("bad", "misshape", Json.object(), Duration.ofSeconds(60)))
          .isInstanceOfSatisfying(
              WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MCP_FAILED))
          .hasMessageContaining("MCP server bad gave the call of misshape an answer")
          .hasMessageContaining("at /content: {\"content\":\"nolist\"}")
          .hasMessageNotContaining("jackson")
          .hasMessageNotContaining("java");
      assertThat(other.join().getFirst().text()).isEqualTo("slow but well");
    }

    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
    assertThat(journal()).filteredOn(line -> line.startsWith("start")).hasSize(1);
  }

  @Test
  void showsNoSecret_andGivesProgramsNoneOfTheServersOwn() throws Exception {
    ObjectNode bad = misbehaving("");
    bad.putObject("env").put("API_TOKEN", TOKEN);
    bad.withArray("args").add("--password=hunter22");
    ObjectNode refusing = misbehaving("refuse");
    refusing.putObject("env").put("API_TOKEN", "${MY_TOKEN}");
    ObjectNode both = Json.object();
    both.set("bad", bad);
    both.set("refusing", refusing);
    open(both, Map.of("MY_TOKEN", TOKEN, "OPENAI_API_KEY", "sk-0123456789"));

    String answer = servers.call("bad", "secret", Json.object(), null).text();
    assertThat(answer).isEqualTo("the token is ***, the key undefined");
    assertThatThrownBy(() -> servers.call("refusing", "secret", Json.object(), null))
        .hasMessageContaining("MCP server refusing cannot be used: it does not start")
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("no licence: ***");
    String shown = Json.write(servers.settings()) + servers.status();
    assertThat(shown).contains("${MY_TOKEN}").doesNotContain(TOKEN).doesNotContain("hunter22");
  }

  @Test
  void waitsLongerEachTime_whenAServerDoesNotStart() throws Exception {
    open(Json.object().set("bad", misbehaving("refuse")));

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> servers.call("bad", "die", Json.object(), null))
          .hasMessageContaining("it does not start");
    }
    assertThatThrownBy(() -> servers.call("bad", "die", Json.object(), null))
        .hasMessageContaining("it is tried again in");
    assertThat(journal()).hasSize(5);
    assertThat(servers.list())
        .singleElement()
        .satisfies(one -> assertThat(one.state()).isEqualTo(McpServer.State.FAILED));
  }

  @Test
  void listsAllToolsWithoutWaiting_whileAServerDoesNotStart() throws Exception {
    open(Json.object().set("bad", misbehaving("refuse")));
    for (int i = 0; i < 4; i++) {
      assertThatThrownBy(() -> servers.tools("bad")).hasMessageContaining("does not start");
    }
    long began = System.nanoTime();

    assertThat(servers.tools()).isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    assertThat(journal()).hasSize(4);
  }

  @Test
  void givesUpOnAServer_thatSaysNothing() throws Exception {
    open(Json.object().set("bad", misbehaving("mute").put("startup_timeout_ms", 700)));

    assertThatThrownBy(() -> servers.call("bad", "die", Json.object(), Duration.ofSeconds(20)))
        .hasMessageContaining("cannot be used")
        .hasMessageContaining("started as \"node\", it did not shake hands within 700 ms;")
        .hasMessageContaining("raise startup_timeout")
        .hasMessageNotContaining("Did not observe");
    until(() -> !alive("start"));
  }

  @Test
  void quotesAServer_thatPrintsSomethingElse() throws Exception {
    open(Json.object().set("bad", misbehaving("chatty").put("startup_timeout_ms", 1500)));

    assertThatThrownBy(() -> servers.call("bad", "die", Json.object(), Duration.ofSeconds(20)))
        .hasMessageContaining("it did not shake hands within 1500 ms")
        .hasMessageContaining("it printed: Welcome to the shop!");
  }

  @Test
  void endsEverythingThatAServerStarted() throws Exception {
    open(Json.object().set("bad", misbehaving("")));
    var _ = servers.call("bad", "child", Json.object(), null);
    assertThat(alive("child")).isTrue();

    servers.close();

    until(() -> !alive("child") && !alive("start"));
  }

  @Test
  void stopsAnIdleServer_andKeepsItsToolsInMind() throws Exception {
    Path file = write(Json.object().set("bad", misbehaving("").put("idle_timeout_ms", 300)));
    servers =
        new McpServers(
            new SettingsFile(file),
            new SessionOpener(environment(Map.of()), folder),
            InstantSource.system(),
            Duration.ofMillis(50));
    var _ = servers.call("bad", "child", Json.object(), null);

    until(() -> !alive("child") && !alive("start"));
    assertThat(names("bad")).contains("die");
    assertThat(journal()).filteredOn(line -> line.startsWith("start")).hasSize(1);
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();
  }

  @Test
  void readsTheSettingsAgain_whenTheyChange() throws Exception {
    Path file = open(Json.object());
    assertThat(servers.list()).isEmpty();
    assertThatThrownBy(() -> servers.tools("bad"))
        .hasMessageContaining("There is no MCP server \"bad\": write its settings into " + file);

    write(Json.object().set("bad", misbehaving("")));
    assertThat(names("bad")).contains("die");
    write(Json.object().set("bad", misbehaving("").put("disabled", true)));
    assertThatThrownBy(() -> servers.tools("bad")).hasMessageContaining("bad is disabled");
    until(() -> !alive("start"));
    Files.writeString(file, "{\"bad\": ");
    assertThat(servers.settings().fault()).contains("" + file).contains("JSON");
    Files.writeString(file, "{\"bad\": {\"args\": 3, \"url\": 7}}");
    assertThatThrownBy(() -> servers.tools("bad"))
        .hasMessageContaining("args: must be a list")
        .hasMessageContaining("url: must be text");
  }

  @Test
  void keepsTheLastGoodSettings_andTellsWhereTheBrokenOnesStand() throws Exception {
    Path file = open(Json.object().set("bad", misbehaving("")));
    assertThat(names("bad")).contains("die");

    Files.writeString(file, "{\n  \"bad\": {\"command\": \"node\",}\n}");
    assertThat(servers.list())
        .extracting(McpServer::name, McpServer::state)
        .containsExactly(
            tuple("bad", McpServer.State.RUNNING),
            tuple("mcp_settings.json", McpServer.State.INVALID));
    assertThat(servers.list().getLast().error())
        .contains(file + " holds invalid JSON at line 2, column")
        .endsWith("until it is mended the last good settings hold");
    assertThat(servers.call("bad", "secret", Json.object(), null).failed()).isFalse();

    write(Json.object().set("bad", misbehaving("")));
    assertThat(servers.list()).singleElement().extracting(McpServer::name).isEqualTo("bad");
  }

  @Test
  void namesTheVariable_whenAReferenceLeadsNowhere() throws Exception {
    ObjectNode bad = misbehaving("");
    bad.putObject("env").put("TOKEN", "${NOT_THERE}");
    open(Json.object().set("bad", bad));

    assertThatThrownBy(() -> servers.tools("bad"))
        .hasMessageContaining("env.TOKEN refers to ${NOT_THERE}, which is not set");
  }

  @Test
  void saysWhatIsMissing_whenTheProgramIsNotThere() throws Exception {
    open(Json.object().set("bad", Json.object().put("command", "no-such-program")));

    assertThatThrownBy(() -> servers.tools("bad"))
        .hasMessageContaining("\"no-such-program\" cannot be started")
        .hasMessageContaining("No such file");
  }

  private List<String> names(String server) {
    try {
      return servers.tools(server).stream().map(McpTool::name).toList();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private ObjectNode misbehaving(String mode) {
    return node(NodePeers.program("misbehave.js"), "" + folder.resolve("journal"), mode);
  }

  private static ObjectNode node(Path program, String... args) {
    ObjectNode server = Json.object().put("command", "node");
    server.putArray("args").add("" + program);
    for (String arg : args) {
      server.withArray("args").add(arg);
    }
    return server;
  }

  private static ObjectNode json(String name, String value) {
    return Json.object().put(name, value);
  }

  private Path open(JsonNode settings) throws IOException {
    return open(settings, Map.of());
  }

  private Path open(JsonNode settings, Map<String, String> more) throws IOException {
    Path file = write(settings);
    servers = new McpServers(folder, environment(more), folder, InstantSource.system());
    return file;
  }

  private Path write(JsonNode settings) throws IOException {
    return Files.writeString(folder.resolve("mcp_settings.json"), settings.toString());
  }

  private static Map<String, String> environment(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(Map.of("PATH", System.getenv("PATH")));
    all.putAll(more);
    return all;
  }

  private List<String> journal() {
    try {
      Path file = folder.resolve("journal");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether any process lives that the server noted under that word. */
  private boolean alive(String word) {
    return journal().stream()
        .filter(line -> line.startsWith(word + " "))
        .map(line -> Long.parseLong(line.substring(word.length() + 1)))
        .anyMatch(pid -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not come to pass");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
