package io.windlass.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.step.FakeStepContext;
import io.windlass.step.OnRecovery;
import io.windlass.step.StepOutcome;
import io.windlass.tool.Calls;
import io.windlass.web.Hosts;
import io.windlass.web.StubServer;
import io.windlass.web.WebClient;
import io.windlass.workspace.Workspace;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Browser steps with the real Chromium on pages of this machine. */
@Timeout(60)
class BrowserStepTest {
  private static final String PAGE =
      """
      <!doctype html><title>Tides</title>
      <body style="height:3000px"><h1>High <b>water</b></h1><p>The sea&nbsp;rises.</p>
      <ul><li>one<li>two</ul><a href="/next">next page</a>
      <p id="late"></p><script>
        document.getElementById('late').innerText = 'written by a script';
      </script></body>
      """;

  @TempDir private static Path shared;
  private static Browsers anywhere;
  private static Models models;
  @TempDir private Path root;
  private StubServer stub;
  private String url;
  private final FakeStepContext context = FakeStepContext.with("path", "tides");

  @BeforeAll
  static void open() {
    anywhere =
        new Browsers(
            new BrowserConfig(null, null, shared), host -> List.of(InetAddress.getAllByName(host)));
    models = new Models(ModelConfig.NONE, InstantSource.system());
  }

  @AfterAll
  static void shut() throws Exception {
    anywhere.close();
    models.close();
  }

  @BeforeEach
  void start() throws Exception {
    stub =
        new StubServer()
            .on("/tides", 200, PAGE, "Content-Type", "text/html; charset=utf-8")
            .on("/next", 200, "<title>Next</title>fin", "Content-Type", "text/html");
    url = "http://127.0.0.1:" + stub.port();
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void readsAPageAsText_asScriptsHaveMadeIt() throws Exception {
    assertThat(done(run(anywhere, "")))
        .contains("High water", "The sea", "written by a script", "next page");
    assertThat(context.effects().getFirst().onRecovery()).isInstanceOf(OnRecovery.Repeat.class);
    int requests = stub.seen.size();
    assertThat(done(run(anywhere, ""))).contains("High water");
    assertThat(stub.seen).hasSize(requests);
  }

  @Test
  void readsAPageAsMarkdown() throws Exception {
    assertThat(done(run(anywhere, ",\"browser_output_format\":\"markdown\"")))
        .isEqualTo(
            """
            # High water

            The sea rises.

            - one
            - two

            [next page](%s/next)

            written by a script\
            """
                .formatted(url));
  }

  @Test
  void readsAPageAsJson() throws Exception {
    JsonNode page =
        Json.read(
            done(
                run(
                    anywhere,
                    ",\"browser_output_format\":\"json\",\"browser_page_name\":\"sea\"")));
    assertThat(page.path("title").asString()).isEqualTo("Tides");
    assertThat(page.path("page_name").asString()).isEqualTo("sea");
    assertThat(page.path("url").asString()).isEqualTo(url + "/tides");
    assertThat(page.path("links"))
        .isEqualTo(Json.read("[{\"text\":\"next page\",\"url\":\"" + url + "/next\"}]"));
  }

  @Test
  void takesPictures() throws Exception {
    String path =
        done(
            run(
                anywhere,
                ",\"browser_output_format\":\"screenshot\",\"browser_viewport\":\"640x480\""));
    var picture = ImageIO.read(Path.of(path).toFile());
    assertThat(picture.getWidth()).isEqualTo(640);
    assertThat(picture.getHeight()).isEqualTo(480);

    String shot =
        new Screenshot(anywhere, new Workspace(root, root))
            .run(
                Calls.of(
                    context,
                    "{\"url\":\"%s/{path}\",\"full_page\":true,\"output_path\":\"shots/a\"}"
                        .formatted(url)));
    assertThat(shot).endsWith("shots/a.png");
    assertThat(ImageIO.read(Path.of(shot).toFile()).getHeight()).isGreaterThan(2_900);
  }

  @Test
  void endsTheBrowserWithTheVisit() throws Exception {
    done(run(anywhere, ""));
    assertThat(anywhere.processes()).isEmpty();
  }

  @Test
  void keepsTheCookiesOfADomain() throws Exception {
    stub.on("/set", 200, "set", "Set-Cookie", "who=ada; Max-Age=3600");
    String fields = ",\"browser_cookies_domain\":\"127.0.0.1\"";
    done(run(anywhere, new FakeStepContext(), url + "/set", fields));
    done(run(anywhere, new FakeStepContext(), url + "/tides", fields));
    assertThat(seen("/tides").header("Cookie")).isEqualTo("who=ada");
    done(run(anywhere, new FakeStepContext(), url + "/next", ""));
    assertThat(seen("/next").header("Cookie")).isEmpty();
    assertThat(Files.getPosixFilePermissions(shared.resolve("127.0.0.1.cookies.json"))).hasSize(2);
  }

  @Test
  void refusesPrivateAddresses_alsoThoseThatAPageLoads() throws Exception {
    try (WebClient web =
            new WebClient(
                host ->
                    host.equals("public.example")
                        ? List.of(InetAddress.getByName("93.184.215.14"))
                        : Hosts.system().resolve(host),
                false);
        Browsers guarded = new Browsers(new BrowserConfig(null, null, shared), web::reachable)) {
      StepOutcome outcome = run(guarded, "");
      assertThat(outcome)
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.error())
                    .contains("127.0.0.1", "not a public address", "WINDLASS_ALLOW_PRIVATE_FETCH");
                assertThat(failed.retryable()).isFalse();
              });
      assertThat(failed(run(guarded, new FakeStepContext(), "file:///etc/passwd", "")))
          .contains("http://");
    }
    // A page of one host that loads from a refused one.
    try (Browsers half =
        new Browsers(
            new BrowserConfig(null, null, shared),
            host -> {
              if (host.equals("localhost")) {
                throw new java.net.UnknownHostException("localhost is refused");
              }
              return List.of(InetAddress.getByName(host));
            })) {
      String page =
          "<img src='http://localhost:%d/secret'><script>fetch('http://localhost:%d/secret').catch(()=>document.title='no')</script>"
              .formatted(stub.port(), stub.port());
      stub.on("/loads", 200, page, "Content-Type", "text/html");
      done(run(half, new FakeStepContext(), url + "/loads", ""));
      assertThat(stub.seen).noneMatch(seen -> seen.path().equals("/secret"));
      stub.on("/moves", 302, "", "Location", "http://localhost:" + stub.port() + "/secret");
      assertThat(failed(run(half, new FakeStepContext(), url + "/moves", "")))
          .contains("cannot be opened");
      assertThat(stub.seen).noneMatch(seen -> seen.path().equals("/secret"));
    }
  }

  @Test
  void saysWhatToInstall() throws Exception {
    try (Browsers none =
        new Browsers(new BrowserConfig("/no/such/chromium", null, shared), host -> List.of())) {
      assertThat(failed(run(none, ""))).contains("WINDLASS_BROWSER", "/no/such/chromium");
    }
    try (Browsers none =
        new Browsers(new BrowserConfig(null, "/no/such/node", shared), host -> List.of())) {
      assertThat(failed(run(none, ""))).contains("WINDLASS_NODE");
    }
  }

  @Test
  void tellsOfAPageThatCannotBeReached() throws Exception {
    stub.close();
    StepOutcome outcome = run(anywhere, "");
    assertThat(failed(outcome)).contains("127.0.0.1", "cannot be opened");
    assertThat(((StepOutcome.Failed) outcome).retryable()).isTrue();
  }

  @Test
  void startsAnotherBrowser_whenOneHasDied() throws Exception {
    try (Browsers mortal =
        new Browsers(
            new BrowserConfig(null, null, shared),
            host -> List.of(InetAddress.getAllByName(host)))) {
      stub.on("/hangs", exchange -> killChromiumOf(mortal));
      StepOutcome outcome = run(mortal, new FakeStepContext(), url + "/hangs", "");
      assertThat(failed(outcome)).contains("The browser ended");
      assertThat(((StepOutcome.Failed) outcome).retryable()).isTrue();
      assertThat(done(run(mortal, new FakeStepContext(), url + "/tides", ""))).contains("High");
    }
  }

  @Test
  void namesFieldsThatAreUnusable() {
    BrowserKind kind = new BrowserKind(anywhere, models, new Workspace(root, root));
    assertThat(
            kind.faults(
                fields(
                    "x",
                    ",\"browser_viewport\":\"big\",\"browser_max_steps\":0,\"browser_wait_ms\":-1")))
        .hasSize(3)
        .anyMatch(fault -> fault.startsWith("browser_viewport: "))
        .anyMatch(fault -> fault.startsWith("browser_max_steps: "))
        .anyMatch(fault -> fault.startsWith("browser_wait_ms: "));
    assertThat(kind.isRehearsable()).isFalse();
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> kind.bind(fields("x", ",\"browser_viewport\":\"big\"")))
        .isInstanceOf(WindlassException.class);
  }

  private static void killChromiumOf(Browsers browsers) {
    browsers.processes().stream()
        .flatMap(ProcessHandle::descendants)
        .forEach(ProcessHandle::destroyForcibly);
  }

  private StubServer.Seen seen(String path) {
    return stub.seen.stream().filter(one -> one.path().equals(path)).findFirst().orElseThrow();
  }

  private StepOutcome run(Browsers browsers, String more) throws Exception {
    return run(browsers, context, url + "/{path}", more);
  }

  private StepOutcome run(Browsers browsers, FakeStepContext in, String address, String more)
      throws Exception {
    return new BrowserKind(browsers, models, new Workspace(root, root))
        .bind(fields(address, more))
        .run(in);
  }

  private static ObjectNode fields(String address, String more) {
    return (ObjectNode)
        Json.read(
            "{\"id\":\"s\",\"prompt\":\"read\",\"browser_url\":\"%s\"%s}".formatted(address, more));
  }

  private static String done(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Done.class);
    return Json.show(((StepOutcome.Done) outcome).output());
  }

  private static String failed(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
    return ((StepOutcome.Failed) outcome).error();
  }
}
