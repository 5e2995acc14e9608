package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.Models;
import io.windlass.model.OpenAiStub;
import io.windlass.model.StubReply;
import io.windlass.model.ToolUse;
import io.windlass.model.WireStub;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.tool.BuiltInTools;
import io.windlass.tool.PreTools;
import io.windlass.tool.ToolResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** What an agent step makes of models that misbehave, in the format of each provider. */
@Timeout(60)
final class WireFaultsTest {
  private static final String HOUR = "3600";
  private final FakeStepContext context = FakeStepContext.with("topic", "tea");
  private final FakeTool look = new FakeTool("look", true, call -> ToolResult.of("seen"));

  @ParameterizedTest
  @EnumSource
  void failsRetryably_whenAnAnswerBreaksOff(WireStub wire) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(wire.broken("Half an"));
        Models models = WireStub.models(stub)) {
      assertThat(run(models, one(wire)))
          .isInstanceOfSatisfying(
              StepOutcome.Failed.class,
              failed -> {
                assertThat(failed.retryable()).isTrue();
                assertThat(failed.error())
                    .contains(wire.model("m-a"), "broke before the answer was complete");
              });
      assertThat(context.journal()).isEmpty();
      // What the half answer costs is not known.
      assertThat(context.usages()).containsExactly(new Usage(wire.model("m-a"), 0, 0, null));
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksNoMoreThanOnce_whenTheConnectionBreaksAtOnceAfterAPart(WireStub wire) throws Exception {
    int rounds = 80;
    try (OpenAiStub stub = OpenAiStub.replying(wire.broken("Half an"));
        Models models = WireStub.models(stub)) {
      for (int round = 0; round < rounds; round++) {
        var _ = run(models, "\"model\": \"" + wire.model("m-" + round) + "\"");
      }

      assertThat(context.chunks()).hasSize(rounds).containsOnly("Half an");
      assertThat(stub.requests()).hasSize(rounds);
    }
  }

  @ParameterizedTest
  @EnumSource
  void countsNothing_whenAModelRefuses(WireStub wire) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(StubReply.refusal(400, "No"));
        Models models = WireStub.models(stub)) {
      assertThat(run(models, one(wire))).isInstanceOf(StepOutcome.Failed.class);
      assertThat(context.usages().stream().reduce(Usage.NONE, Usage::plus)).isEqualTo(Usage.NONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheModelOfACallWithoutAName(WireStub wire) throws Exception {
    for (String arguments : List.of("{\"x\": \"a\"}", "{}")) {
      AtomicInteger turn = new AtomicInteger();
      context.journal().clear();
      try (OpenAiStub stub =
              OpenAiStub.answering(_ ->
                  turn.incrementAndGet() == 1
                      ? wire.calls(
                          List.of(
                              new ToolUse("c1", "", arguments),
                              new ToolUse("c2", "look", "{\"x\": \"b\"}")))
                      : wire.said("Seen"));
          Models models = WireStub.models(stub)) {
        assertThat(run(models, one(wire) + ", \"tools\": [\"look\"]"))
            .isEqualTo(StepOutcome.done("Seen"));

        assertThat(stub.requests().getLast().body().toString())
            .contains("There is no tool \\\"unnamed\\\"; there are: look")
            .contains("seen");
        assertThat(context.journal().get("tool:0:0:0").path("unusable").asBoolean()).isTrue();
      }
    }
    assertThat(look.calls).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void goesOnToTheNextModel_whenAnAnswerBreaksOff(WireStub wire) throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(request ->
                wire.asks(request, "m-b") ? wire.said("Whole") : wire.broken("Half an"));
        Models models = WireStub.models(stub)) {
      assertThat(run(models, both(wire))).isEqualTo(StepOutcome.done("Whole"));
      assertThat(context.logs())
          .singleElement()
          .asString()
          .startsWith("warn: ")
          .contains(wire.model("m-a"), "broke", "Trying model", wire.model("m-b"));
      assertThat(context.usages()).containsExactly(new Usage(null, 10, 5, null));
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsAsLongAsAModelAsksThatIsBusy(WireStub wire) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(busy("1"), wire.said("Now"));
        Models models = WireStub.models(stub)) {
      long began = System.nanoTime();
      assertThat(run(models, one(wire))).isEqualTo(StepOutcome.done("Now"));

      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(1_000_000_000L);
      assertThat(stub.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void failsWithTheReason_whenAModelStaysBusy(WireStub wire) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(busy(HOUR));
        Models models = WireStub.models(stub)) {
      for (int attempt = 0; attempt < 8; attempt++) {
        assertThat(failure(run(models, one(wire))))
            .contains(wire.model("m-a"), "HTTP 429", "Slow down");
      }
      // The provider is left alone by now, and the reason is still told.
      assertThat(failure(run(models, one(wire))))
          .contains("is not asked", "fallback_models", "HTTP 429", "Slow down");
      assertThat(stub.requests()).hasSize(8);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goesOnToTheNextModel_whenOneStaysBusy(WireStub wire) throws Exception {
    try (OpenAiStub stub =
            OpenAiStub.answering(
                request -> wire.asks(request, "m-b") ? wire.said("Here") : busy(HOUR));
        Models models = WireStub.models(stub)) {
      assertThat(run(models, both(wire))).isEqualTo(StepOutcome.done("Here"));
      assertThat(context.logs()).singleElement().asString().contains("HTTP 429");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tellsTheModelOfUnknownToolsAndMalformedArguments(WireStub wire) throws Exception {
    AtomicInteger turn = new AtomicInteger();
    try (OpenAiStub stub =
            OpenAiStub.answering(_ ->
                turn.incrementAndGet() == 1
                    ? wire.calls(
                        List.of(
                            new ToolUse("c1", "juggle", "{\"x\": \"a\"}"),
                            new ToolUse("c2", "look", "{\"x\": "),
                            new ToolUse("c3", "look", "{\"x\": 7}"),
                            new ToolUse("c4", "look", "[1]"),
                            new ToolUse("c5", "look", "{\"x\": \"b\"}")))
                    : wire.said("Seen"));
        Models models = WireStub.models(stub)) {
      assertThat(run(models, one(wire) + ", \"tools\": [\"look\"]"))
          .isEqualTo(StepOutcome.done("Seen"));

      assertThat(look.calls).hasSize(1);
      assertThat(look.calls.getFirst().arguments().path("x").asString()).isEqualTo("b");
      assertThat(stub.requests()).hasSize(2);
      assertThat(stub.requests().getLast().body().toString())
          .contains("There is no tool \\\"juggle\\\"; there are: look")
          .contains("one JSON object")
          .contains("seen");
      for (int call = 0; call < 4; call++) {
        assertThat(context.journal().get("tool:0:0:" + call).path("unusable").asBoolean())
            .as("call " + call)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesACostUnknownWhosePriceIs(WireStub wire) throws Exception {
    try (OpenAiStub stub = OpenAiStub.replying(wire.said("Hi"));
        Models models = WireStub.models(stub)) {
      run(models, one(wire));

      assertThat(context.usages()).containsExactly(new Usage(wire.model("m-a"), 10, 5, null));
    }
  }

  private static StubReply busy(String seconds) {
    return StubReply.refusal(429, "Slow down").header("Retry-After", seconds);
  }

  private static String one(WireStub wire) {
    return "\"model\": \"" + wire.model("m-a") + "\"";
  }

  private static String both(WireStub wire) {
    return "\"fallback_models\": [\"%s\", \"%s\"]".formatted(wire.model("m-a"), wire.model("m-b"));
  }

  private static String failure(StepOutcome outcome) {
    assertThat(outcome).isInstanceOf(StepOutcome.Failed.class);
    StepOutcome.Failed failed = (StepOutcome.Failed) outcome;
    assertThat(failed.retryable()).isTrue();
    return failed.error();
  }

  private StepOutcome run(Models models, String fields) throws Exception {
    return new AgentKind(
            models,
            new PreTools(List.of()),
            new Toolbox(List.of(new BuiltInTools(List.of(look)))),
            AgentSettings.STANDARD)
        .bind((ObjectNode) Json.read("{\"prompt\": \"About {topic}\", " + fields + "}"))
        .run(context);
  }
}
