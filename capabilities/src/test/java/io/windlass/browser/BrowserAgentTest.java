package io.windlass.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.step.FakeStepContext;
import io.windlass.step.OnRecovery;
import io.windlass.step.StepOutcome;
import io.windlass.web.StubServer;
import io.windlass.workspace.Workspace;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** A model at work in the real Chromium; what it does comes from a script. */
@Timeout(60)
class BrowserAgentTest {
  private static final String FORM =
      """
      <!doctype html><title>Search</title><form action="/found">
      <label>Words <input name="q"></label><button>Go</button></form>
      """;
  private static final String SCRIPT =
      """
      answers:
        - {turn: 1, contains: '[1] input text "Words"', text: "", calls: [{name: type, arguments: {ref: 1, text: high tide}}, {name: fly, arguments: {}}]}
        - {turn: 2, text: "", calls: [{name: click, arguments: {ref: 2}}, {name: click, arguments: {ref: 99}}, {name: navigate, arguments: "{broken"}]}
        - {turn: 3, text: It rises at six., input_tokens: 7}
      """;

  @TempDir private Path root;
  private Browsers browsers;
  private StubServer stub;
  private final FakeStepContext context = FakeStepContext.with("what", "high tide");

  @BeforeEach
  void start() throws Exception {
    browsers =
        new Browsers(
            new BrowserConfig(null, null, root), host -> List.of(InetAddress.getAllByName(host)));
    stub =
        new StubServer()
            .on("/", 200, FORM, "Content-Type", "text/html")
            .on("/found", 200, "<title>Found</title>six o'clock", "Content-Type", "text/html");
  }

  @AfterEach
  void stop() throws Exception {
    stub.close();
    browsers.close();
  }

  @Test
  void letsAModelWorkOnAPage() throws Exception {
    StepOutcome outcome = run(SCRIPT, "");
    assertThat(Json.show(((StepOutcome.Done) outcome).output())).isEqualTo("It rises at six.");
    assertThat(stub.seen).anyMatch(seen -> seen.path().equals("/found?q=high+tide"));
    assertThat(context.logs())
        .anyMatch(line -> line.contains("Browser: fly") && line.contains("There is no tool"))
        .anyMatch(line -> line.contains("There is no element 99"))
        .anyMatch(line -> line.contains("are not JSON"));
    assertThat(context.effects().getFirst().onRecovery()).isInstanceOf(OnRecovery.Ask.class);
    assertThat(context.usages()).hasSize(3);
  }

  @Test
  void asksForAnAnswer_whenTheStepsAreUsedUp() throws Exception {
    String endless =
        """
        answers:
          - {contains: no more steps, text: I give up.}
          - {text: "", calls: [{name: read, arguments: {}}]}
        """;
    StepOutcome outcome = run(endless, ",\"browser_max_steps\":2");
    assertThat(Json.show(((StepOutcome.Done) outcome).output())).isEqualTo("I give up.");
    assertThat(context.logs()).anyMatch(line -> line.contains("browser_max_steps of 2"));
  }

  @Test
  void tellsThatAModelFailed() throws Exception {
    String failing = "answers:\n  - {text: x, failure: {status: 429, message: slow down}}\n";
    assertThat(run(failing, ""))
        .isInstanceOfSatisfying(
            StepOutcome.Failed.class,
            failed -> {
              assertThat(failed.error()).contains("slow down");
              assertThat(failed.retryable()).isTrue();
            });
  }

  private StepOutcome run(String script, String more) throws Exception {
    Path file = Files.writeString(root.resolve("script.yaml"), script);
    ModelConfig config =
        ModelConfig.read(Map.of("WINDLASS_MODEL_SCRIPT", file.toString()), Map.of());
    try (Models models = new Models(config, InstantSource.system())) {
      String fields =
          "{\"id\":\"s\",\"prompt\":\"p\",\"browser_url\":\"http://127.0.0.1:%d/\",\"browser_task\":\"When is {what}?\"%s}"
              .formatted(stub.port(), more);
      return new BrowserKind(browsers, models, new Workspace(root, root))
          .bind((ObjectNode) Json.read(fields))
          .run(context);
    }
  }
}
