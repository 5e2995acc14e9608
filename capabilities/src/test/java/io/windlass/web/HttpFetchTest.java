package io.windlass.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class HttpFetchTest {
  private static final State STATE =
      State.EMPTY.with(Map.of("topic", Json.text("a b"), "token", Json.text("t1")));

  private final Map<String, List<String>> names = new ConcurrentHashMap<>();
  private final Deque<String> asked = new ArrayDeque<>();
  private final FakeStepContext context = new FakeStepContext(STATE);
  private StubServer server;
  private WebClient open;
  private WebClient guarded;

  @BeforeEach
  void start() throws Exception {
    server = new StubServer();
    open = new WebClient(this::resolve, true);
    guarded = new WebClient(this::resolve, false);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    open.close();
    guarded.close();
  }

  @Test
  void fetches() throws Exception {
    server.on("/page", 200, "héllo", "Content-Type", "text/plain; charset=utf-8");
    assertThat(
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/page?q={topic}#top\"}"))
        .isEqualTo("héllo");
    assertThat(server.seen.getFirst().path()).isEqualTo("/page?q=a%20b");
    assertThat(server.seen.getFirst().method()).isEqualTo("GET");
  }

  @Test
  void sendsMethodHeadersAndBody() throws Exception {
    server.on("/in", 201, "made");
    fetch(
        open,
        """
        {"type":"http_fetch","url":"http://127.0.0.1:{port}/in","method":"post","body":"{\\"q\\":\\"{topic}\\"}",
         "headers":{"Authorization":"Bearer {token}","Host":"evil"}}\
        """);
    StubServer.Seen seen = server.seen.getFirst();
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.body()).isEqualTo("{\"q\":\"a b\"}");
    assertThat(seen.header("Authorization")).isEqualTo("Bearer t1");
    assertThat(seen.header("Content-Type")).isEqualTo("application/json");
    assertThat(seen.header("Host")).startsWith("127.0.0.1");
    fetch(
        open,
        """
        {"type":"http_fetch","url":"http://127.0.0.1:{port}/in","method":"PUT","body":"text",
         "headers":"{\\"Content-Type\\":\\"text/csv\\"}"}\
        """);
    assertThat(server.seen.getLast().header("Content-Type")).isEqualTo("text/csv");
  }

  @Test
  void takesAPathOutOfJson() throws Exception {
    server.on("/data", 200, "{\"items\":[{\"n\":1},{\"n\":2}],\"name\":\"x\"}");
    server.on("/page", 200, "<html>");
    assertThat(
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/data\",\"json_path\":\"name\"}"))
        .isEqualTo("x");
    assertThat(
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/data\",\"json_path\":\"items.*.n\"}"))
        .isEqualTo("[\n  1,\n  2\n]");
    assertThat(
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/page\",\"json_path\":\"a\"}"))
        .isEqualTo("<html>");
    assertThatThrownBy(() ->
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/data\",\"json_path\":\"a.b\"}"))
        .hasMessageContaining("\"a.b\" leads nowhere");
  }

  @Test
  void failsOnAnErrorStatusWithoutTellingTheQuery() {
    server.on("/gone", 404, "no such page");
    assertThatThrownBy(() ->
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/gone?key=hidden\"}"))
        .hasMessageContaining("answered 404 Not Found: no such page")
        .hasMessageNotContaining("hidden");
  }

  @Test
  void cutsLongAnswersAndStopsReadingAtTenMegabytes() throws Exception {
    server.on("/long", 200, "x".repeat(60_000));
    server.on(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] chunk = new byte[1 << 20];
          java.util.Arrays.fill(chunk, (byte) 'y');
          for (int i = 0; i < 2_000; i++) {
            exchange.getResponseBody().write(chunk);
          }
        });
    assertThat(fetch(open, "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/long\"}"))
        .isEqualTo("x".repeat(50_000) + "\n[truncated]");
    assertThat(fetch(open, "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/endless\"}"))
        .isEqualTo("y".repeat(50_000) + "\n[truncated]");
    assertThat(context.logs()).anyMatch(line -> line.contains("more than 10 MB"));
  }

  @Test
  void survivesABombOfZeros() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 200; i++) {
        out.write(zeros);
      }
    }
    server.on(
        "/bomb",
        exchange -> {
          exchange.getResponseHeaders().add("Content-Encoding", "gzip");
          exchange.sendResponseHeaders(200, packed.size());
          exchange.getResponseBody().write(packed.toByteArray());
        });
    assertThat(fetch(open, "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/bomb\"}"))
        .hasSize(50_000 + "\n[truncated]".length());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "10.1.2.3",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "100.64.0.1",
        "inner.test",
        "mixed.test",
        "metadata.test"
      })
  void refusesInnerAddresses(String host) {
    names.put("inner.test", List.of("192.168.7.7"));
    names.put("mixed.test", List.of("93.184.216.34", "127.0.0.1"));
    names.put("metadata.test", List.of("169.254.169.254"));
    server.on("/", 200, "inside");
    assertThatThrownBy(() ->
            fetch(guarded, "{\"type\":\"http_fetch\",\"url\":\"http://" + host + ":{port}/\"}"))
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
        .hasMessageContaining("not a public address")
        .hasMessageContaining("WINDLASS_ALLOW_PRIVATE_FETCH");
    assertThat(server.seen).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file:///etc/passwd|must begin with http:// or https://",
        "ftp://example.com/|must begin with http:// or https://",
        "gopher://127.0.0.1|must begin with http:// or https://",
        "//example.com/|must begin with http:// or https://",
        "http://|is not a URL",
        "http:///path|names no host",
        "http://user:pass@example.com/|holds a user name",
        "http://good.test@127.0.0.1/|holds a user name",
        "http://a b/|is not a URL",
        "http://example.com:99999/|unusable port",
        "nonsense|must begin with http:// or https://",
      })
  void refusesWhatIsNoWebAddress(String url, String reason) {
    assertThatThrownBy(() -> fetch(open, "{\"type\":\"http_fetch\",\"url\":\"" + url + "\"}"))
        .hasMessageContaining(reason);
  }

  @Test
  void connectsToTheAddressThatWasChecked_whateverTheNameSaysNext() {
    // The first answer is public and leads nowhere here; asked again, the name would lead inside.
    Hosts rebinding =
        host -> {
          asked.add(host);
          return List.of(
              InetAddress.getByAddress(
                  host,
                  asked.size() == 1
                      ? new byte[] {(byte) 192, 88, 98, 1}
                      : new byte[] {127, 0, 0, 1}));
        };
    server.on("/", 200, "inside");
    try (WebClient client = new WebClient(rebinding, false)) {
      PreToolCall call =
          call(
              "{\"type\":\"http_fetch\",\"url\":\"http://rebind.test:{port}/\",\"timeout_ms\":300}");
      State after =
          new PreTools(List.of(new HttpFetch(client)))
              .run(context, List.of(call.fields().put("inject_as", "x")), call.state());
      assertThat(after.text("x")).startsWith("[PRE-TOOL ERROR: ");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    assertThat(asked).hasSize(1);
    assertThat(server.seen).isEmpty();
  }

  @Test
  void refusesARedirectToAnInnerAddress() throws Exception {
    server.on("/start", 302, "", "Location", "http://inner.test:" + server.port() + "/secret");
    server.on("/secret", 200, "inside");
    names.put("inner.test", List.of("127.0.0.1"));
    names.put("outer.test", List.of("127.0.0.1"));
    WebRequest request =
        new WebRequest(
            "GET", WebAddress.of("http://outer.test:" + server.port() + "/start"), Map.of(), null);
    assertThatThrownBy(
            () -> guarded.send(request, WebClient.Reach.NAMED_HOST, Duration.ofSeconds(5), 1_000))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("inner.test leads to 127.0.0.1");
    assertThat(server.seen).extracting(StubServer.Seen::path).containsExactly("/start");
  }

  @Test
  void refusesARedirectToAnotherScheme() {
    server.on("/start", 302, "", "Location", "file:///etc/passwd");
    assertThatThrownBy(() ->
            fetch(open, "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/start\"}"))
        .hasMessageContaining("must begin with http:// or https://");
  }

  @Test
  void followsRedirectsAndKeepsCredentialsFromOtherServers() throws Exception {
    server.on("/start", 302, "", "Location", "next?x=1");
    server.on("/next", 307, "", "Location", "http://other.test:" + server.port() + "/end");
    server.on("/end", 200, "arrived");
    names.put("other.test", List.of("127.0.0.1"));
    assertThat(
            fetch(
                open,
                """
                {"type":"http_fetch","url":"http://127.0.0.1:{port}/start","method":"POST","body":"b",
                 "headers":{"Authorization":"Bearer {token}","X-Key":"k"}}\
                """))
        .isEqualTo("arrived");
    assertThat(server.seen)
        .extracting(StubServer.Seen::method)
        .containsExactly("POST", "GET", "GET");
    assertThat(server.seen.get(1).path()).isEqualTo("/next?x=1");
    assertThat(server.seen.get(1).header("Authorization")).isEqualTo("Bearer t1");
    assertThat(server.seen.get(2).header("Authorization")).isEmpty();
    assertThat(server.seen.get(2).header("X-Key")).isEmpty();
  }

  @Test
  void endsOnRedirectsInCircles() {
    server.on("/loop", 302, "", "Location", "/loop");
    assertThatThrownBy(
            () -> fetch(open, "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/loop\"}"))
        .hasMessageContaining("redirects more than 10 times");
  }

  @Test
  void givesUpOnASilentServer() throws Exception {
    server.on("/silent", exchange -> await(exchange.getRequestURI().getPath()));
    ObjectNode fields =
        call("{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/silent\",\"timeout_ms\":200}")
            .fields()
            .put("inject_as", "x");
    State after =
        new PreTools(List.of(new HttpFetch(open)))
            .run(context, List.of(fields), call("{}").state());
    assertThat(after.text("x")).startsWith("[PRE-TOOL ERROR: ");
  }

  @Test
  void refusesAHeaderWithALineBreak() {
    assertThatThrownBy(() ->
            fetch(
                open,
                "{\"type\":\"http_fetch\",\"url\":\"http://127.0.0.1:{port}/\",\"headers\":{\"X\":\"a\\r"
                    + "\\n"
                    + "Y: b\"}}"))
        .hasMessageContaining("header \"X\"");
  }

  private static void await(String path) {
    try {
      new java.util.concurrent.CountDownLatch(1).await(5, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(path, e);
    }
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    List<String> known = names.get(host);
    if (known == null) {
      return List.of(InetAddress.getAllByName(host));
    }
    List<InetAddress> addresses = new java.util.ArrayList<>();
    for (String address : known) {
      addresses.add(InetAddress.getByAddress(host, InetAddress.getByName(address).getAddress()));
    }
    return addresses;
  }

  private String fetch(WebClient client, String fields) throws Exception {
    return new HttpFetch(client).run(call(fields));
  }

  private PreToolCall call(String fields) {
    State state = STATE.with("port", Json.text(Integer.toString(server.port())));
    return new PreToolCall(
        (ObjectNode) Json.read(fields).deepCopy(), state, context, Duration.ofSeconds(5));
  }
}
