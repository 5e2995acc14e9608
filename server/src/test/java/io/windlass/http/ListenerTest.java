package io.windlass.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.WindlassException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ListenerTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private final EchoSurface main = new EchoSurface("main", Cors.NONE);
  private final EchoSurface other = new EchoSurface("other", Cors.ALL);
  private Listener listener = open(HttpConfig.OPEN);

  @AfterEach
  void close() {
    listener.close();
  }

  @Test
  void answersAtTheRootAndUnderItsSharedPrefix() throws Exception {
    assertThat(get("/who/ann").body()).isEqualTo("{\"name\":\"ann\"}");
    assertThat(get("/apis/other/who/ben").body()).isEqualTo("{\"name\":\"ben\"}");
  }

  @Test
  void wordsErrorsAsTheSurfaceThatIsAsked() throws Exception {
    assertThat(get("/bad").statusCode()).isEqualTo(409);
    assertThat(get("/bad").body()).isEqualTo("{\"main\":\"not now\"}");
    assertThat(get("/apis/other/bad").body()).isEqualTo("{\"other\":\"not now\"}");
    assertThat(get("/apis/other/nowhere").body()).startsWith("{\"other\":\"There is no GET");
    assertThat(get("/apis/otherwise").body()).startsWith("{\"main\":");
    HttpResponse<String> wrong = send(request("/echo").DELETE());
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(wrong.body()).startsWith("{\"main\":");
  }

  @Test
  void namesTheMethodsThatAPathTakes() throws Exception {
    HttpResponse<String> echo = send(request("/echo").DELETE());
    assertThat(echo.headers().firstValue("Allow")).hasValue("POST");
    assertThat(echo.body())
        .isEqualTo("{\"main\":\"There is no DELETE /echo here; the path takes POST\"}");
    HttpResponse<String> who = send(request("/apis/other/who/ann").DELETE());
    assertThat(who.headers().firstValue("Allow")).hasValue("GET, HEAD");
    assertThat(who.body()).contains("{\"other\":", "takes GET, HEAD");
    assertThat(send(request("/who/ann").method("HEAD", BodyPublishers.noBody())).statusCode())
        .isEqualTo(200);
    assertThat(get("/nowhere").headers().firstValue("Allow")).isEmpty();
  }

  @Test
  void hidesWhatBrokeAndNamesTheRequest() throws Exception {
    HttpResponse<String> broken = send(request("/bug").header("X-Request-Id", "abc-1"));
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).contains("abc-1").doesNotContain("secret");
    assertThat(broken.headers().firstValue("X-Request-Id")).hasValue("abc-1");
    assertThat(get("/overflow").statusCode()).isEqualTo(500);
    assertThat(get("/who/ann").statusCode()).isEqualTo(200);
  }

  @Test
  void replacesARequestIdThatCouldForgeLogLines() throws Exception {
    HttpResponse<String> answer = send(request("/open").header("X-Request-Id", "a b\tc"));
    assertThat(answer.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{16}");
  }

  @Test
  void refusesMalformedJsonAndOtherTypes() throws Exception {
    assertThat(post("/echo", "application/json", "{\"a\":").statusCode()).isEqualTo(400);
    assertThat(post("/echo", "application/json", "[1]").body()).contains("must be a JSON object");
    assertThat(post("/echo", "application/x-www-form-urlencoded", "a=1").statusCode())
        .isEqualTo(415);
    assertThat(post("/echo", "application/json", "[".repeat(5_000)).statusCode()).isEqualTo(400);
    assertThat(post("/echo", "application/json; charset=utf-8", "{\"a\":1}").body())
        .isEqualTo("{\"a\":1}");
    assertThat(post("/echo", "text/plain", "").body()).isEqualTo("{}");
  }

  @Test
  void refusesAnOversizedBodyWhetherItsLengthIsAnnouncedOrNot() throws Exception {
    byte[] large = new byte[50 << 20];
    HttpResponse<String> announced = send(request("/echo").POST(BodyPublishers.ofByteArray(large)));
    assertThat(announced.statusCode()).isEqualTo(413);
    assertThat(announced.body()).contains("WINDLASS_MAX_BODY");
    HttpResponse<String> chunked =
        send(
            request("/echo")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(large))));
    assertThat(chunked.statusCode()).isEqualTo(413);
    assertThat(get("/who/ann").statusCode()).isEqualTo(200);
  }

  @Test
  void leavesAnAnswerItsTime_andEndsARequestThatStops() throws Exception {
    listener.close();
    listener = open(new HttpConfig(Set.of(), Set.of(), 1 << 20, Duration.ofMillis(300)));
    HttpResponse<String> slow = post("/slow", "application/json", "{}");
    assertThat(slow.statusCode()).isEqualTo(200);
    assertThat(slow.body()).isEqualTo("{\"slow\":true}");
    String stuck = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{\"a\":";
    assertThat(raw(stuck)).as("a body that stops").startsWith("HTTP/1.1 4").contains("{\"main\":");
  }

  @Test
  void asksForATokenWhenOneIsSet() throws Exception {
    listener.close();
    listener = open(new HttpConfig(Set.of("s3cret", "other"), Set.of(), 1 << 20));
    assertThat(get("/who/ann").statusCode()).isEqualTo(401);
    assertThat(get("/apis/other/who/ann").body()).startsWith("{\"other\":");
    assertThat(get("/open").statusCode()).isEqualTo(200);
    for (String token : List.of("s3cret", "other")) {
      assertThat(send(request("/who/ann").header("Authorization", "Bearer " + token)).statusCode())
          .isEqualTo(200);
    }
    for (String wrong : List.of("Bearer s3cre", "Bearer ", "s3cret", "Basic s3cret")) {
      assertThat(send(request("/who/ann").header("Authorization", wrong)).statusCode())
          .isEqualTo(401);
    }
  }

  @Test
  void answersPreflightsOfAllowedOriginsAlone() throws Exception {
    HttpRequest.Builder preflight =
        request("/apis/other/echo")
            .header("Origin", "https://example.org")
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type")
            .method("OPTIONS", BodyPublishers.noBody());
    HttpResponse<String> allowed = send(preflight);
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue("*");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers"))
        .hasValue("content-type");
    HttpResponse<String> refused = send(request("/open").header("Origin", "https://example.org"));
    assertThat(refused.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void refusesAForeignHostNameWhileItIsUnprotected() throws Exception {
    assertThat(raw("GET /who/ann HTTP/1.1\r\nHost: rebound.example\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 403");
    assertThat(raw("GET /who/ann HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void wordsWhatTheServerItselfRefuses() throws Exception {
    assertThat(raw("GET /who/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("{\"main\":");
    assertThat(raw("NONSENSE\r\n\r\n")).startsWith("HTTP/1.1 400").doesNotContain("<html>");
    String end = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    for (String path : List.of("/who/a%00b", "/who/%zz", "/../up")) {
      assertThat(raw("GET " + path + end))
          .as(path)
          .startsWith("HTTP/1.1 400")
          .contains("{\"main\":\"The request cannot be read: ");
    }
    assertThat(raw("GET /who/" + "a".repeat(20_000) + end))
        .startsWith("HTTP/1.1 414")
        .contains("{\"main\":");
    String large = "GET /open HTTP/1.1\r\nHost: localhost\r\nX-A: " + "a".repeat(20_000);
    assertThat(raw(large + "\r\n\r\n")).startsWith("HTTP/1.1 431").contains("{\"main\":");
    assertThat(raw("GET /open HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 200");
    assertThat(raw("BREW /open" + end)).startsWith("HTTP/1.1 405").contains("{\"main\":");
  }

  @Test
  void wordsWhatBecameOfABrokenBody() throws Exception {
    String head = "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
    assertThat(rawAndCut(head + "Content-Length: 50\r\n\r\n{\"a\":"))
        .startsWith("HTTP/1.1 400")
        .contains("broke off");
    assertThat(raw(head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"))
        .startsWith("HTTP/1.1 400")
        .contains("{\"main\":");
  }

  @Test
  void writesEventIdsAfterTheirDataAndResumesAfterTheLastOne() throws Exception {
    HttpResponse<String> all = get("/three");
    assertThat(all.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(all.body())
        .isEqualTo(
            "data: {\"n\":1}\nid: 1\n\ndata: {\"n\":2}\nid: 2\n\ndata: {\"n\":3}\nid: 3\n\n");
    assertThat(send(request("/three").header("Last-Event-ID", "2")).body())
        .isEqualTo("data: {\"n\":3}\nid: 3\n\n");
  }

  @Test
  void noticesAStreamClientThatHasGone() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      socket
          .getOutputStream()
          .write(
              "GET /endless HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(socket.getInputStream().read()).isEqualTo('H');
    }
    assertThat(main.clientGone.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void namesTheSettingOfAPortThatIsTaken() {
    var taken = new Address("127.0.0.1", "WINDLASS_HOST", listener.port(), "WINDLASS_X_PORT");
    assertThatThrownBy(() -> Listener.open(taken, List.of(Mount.root(main)), HttpConfig.OPEN))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("WINDLASS_X_PORT")
        .hasMessageContaining(Integer.toString(listener.port()));
  }

  @Test
  void refusesToLetOtherMachinesInWithoutAToken() {
    var everywhere = new Address("0.0.0.0", "WINDLASS_HOST", 0, "WINDLASS_PORT");
    assertThatThrownBy(() -> Listener.open(everywhere, List.of(Mount.root(main)), HttpConfig.OPEN))
        .hasMessageContaining("WINDLASS_HOST=0.0.0.0")
        .hasMessageContaining("WINDLASS_TOKEN");
  }

  private Listener open(HttpConfig config) {
    var address = new Address("127.0.0.1", "WINDLASS_HOST", 0, "WINDLASS_PORT");
    return Listener.open(address, List.of(Mount.root(main), Mount.shared(other)), config);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(listener.baseUrl() + path));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpResponse<String> post(String path, String type, String body) throws Exception {
    return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private String raw(String request) throws IOException {
    return raw(request, false);
  }

  /** Sends no more after the request, as a client that has gone. */
  private String rawAndCut(String request) throws IOException {
    return raw(request, true);
  }

  private String raw(String request, boolean cut) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), listener.port())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      if (cut) {
        socket.shutdownOutput();
      }
      var answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }
}
