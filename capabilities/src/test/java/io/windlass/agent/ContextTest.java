package io.windlass.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.model.ModelConfig;
import io.windlass.model.Models;
import io.windlass.model.Script;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.tool.PreTools;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ContextTest {
  private static final String SUMMARISE =
      "answers: [{model: haiku, contains: Shorten, text: 'in short'}, {text: answered}]";
  private static final Step ANSWER = context -> StepOutcome.done("new");

  /** Inputs, then four step variables of 600 characters. */
  private static State state() {
    State state =
        State.EMPTY
            .with("topic", Json.text("t".repeat(600)))
            .with("input.topic", Json.text("t".repeat(600)));
    for (String name : List.of("a", "b", "c", "d")) {
      state = state.with(name, Json.text(name.repeat(name.equals("b") ? 400 : 1_600)));
    }
    return state;
  }

  @Test
  void summarisesOldLongVariablesAboveTheBudget() throws Exception {
    FakeStepContext context = new FakeStepContext(state());
    try (Models models = scripted(SUMMARISE)) {
      Step step = new ContextBudget(models).within(3_000, ANSWER, "out");
      StepOutcome.Done done = (StepOutcome.Done) step.run(context);

      // Left alone: the inputs, b for it is short, and the last three: c, d and out.
      assertThat(done.set()).containsOnlyKeys("a");
      assertThat(Json.show(done.set().get("a"))).isEqualTo("[Summary of 1600 characters] in short");
      assertThat(step.run(context)).isEqualTo(done);
      assertThat(context.effects()).hasSize(1);
      assertThat(context.logs()).anyMatch(line -> line.contains("above the budget of 3000"));
    }
  }

  @Test
  void leavesThemAlone_whenTheyFit() throws Exception {
    FakeStepContext context = new FakeStepContext(state());
    try (Models models = scripted(SUMMARISE)) {
      assertThat(new ContextBudget(models).within(50_000, ANSWER, "out").run(context))
          .isEqualTo(StepOutcome.done("new"));
      assertThat(context.effects()).isEmpty();
    }
  }

  @Test
  void cutsWhatCannotBeSummarised_andOnlyOnce() throws Exception {
    FakeStepContext context = new FakeStepContext(state());
    try (Models models = scripted("answers: [{step: nobody, text: x}]")) {
      StepOutcome.Done done =
          (StepOutcome.Done) new ContextBudget(models).within(100, ANSWER, "out").run(context);
      String cut = Json.show(done.set().get("a"));
      assertThat(cut).isEqualTo("a".repeat(1_000) + "\n[cut from 1600 characters]");
      assertThat(context.logs()).anyMatch(line -> line.startsWith("warn: {a} was cut"));

      FakeStepContext next = new FakeStepContext(state().with("a", Json.text(cut)));
      assertThat(new ContextBudget(models).within(100, ANSWER, "out").run(next))
          .isEqualTo(StepOutcome.done("new"));
    }
  }

  @Test
  void shortensReally_whereTheModelsSummaryIsNoShorter() throws Exception {
    State full = state().with("a", Json.text("a".repeat(701)));
    FakeStepContext context = new FakeStepContext(full);
    try (Models models = scripted("answers: [{model: haiku, text: '" + "s".repeat(690) + "'}]")) {
      StepOutcome.Done done =
          (StepOutcome.Done) new ContextBudget(models).within(100, ANSWER, "out").run(context);
      String cut = Json.show(done.set().get("a"));
      assertThat(cut).isEqualTo("a".repeat(350) + "\n[cut from 701 characters]");
      assertThat(context.logs())
          .anyMatch(line -> line.startsWith("warn: {a} was cut to 350 characters instead"));
      assertThat(context.usages()).noneMatch(Usage::isNone);

      FakeStepContext next = new FakeStepContext(full.with("a", Json.text(cut)));
      assertThat(new ContextBudget(models).within(100, ANSWER, "out").run(next))
          .isEqualTo(StepOutcome.done("new"));
      assertThat(next.effects()).isEmpty();
    }
  }

  @Test
  void cutsWithoutAskingTheOfflineModel() throws Exception {
    FakeStepContext context = new FakeStepContext(state());
    try (Models models = new Models(ModelConfig.NONE, InstantSource.system())) {
      StepOutcome.Done done =
          (StepOutcome.Done) new ContextBudget(models).within(100, ANSWER, "out").run(context);
      assertThat(Json.show(done.set().get("a"))).endsWith("[cut from 1600 characters]");
    }
  }

  @Test
  void strategiesShortenACopyBeforeThePromptIsFilledIn() throws Exception {
    FakeStepContext context = new FakeStepContext(state());
    try (Models models = scripted(SUMMARISE)) {
      StepOutcome outcome =
          strategic(
                  models,
                  "{\"id\":\"s\",\"prompt\":\"{a}|{b}|{c}|{input.topic}\",\"context_strategy\":"
                      + "{\"a\":\"summarize\",\"b\":\"full\",\"c\":\"truncate:5\",\"topic\":\"truncate:2\"}}")
              .run(context);
      assertThat(outcome)
          .isEqualTo(
              StepOutcome.done(
                  "[Summary of 1600 characters] in short|"
                      + "b".repeat(400)
                      + "|ccccc\n[cut from 1600 characters]|tt\n[cut from 600 characters]"));
      assertThat(context.state().text("a")).hasSize(1_600);
    }
  }

  @Test
  void strategiesReachTheVariablesOfPreTools() throws Exception {
    FakeStepContext context = new FakeStepContext(State.EMPTY);
    try (Models models = scripted(SUMMARISE)) {
      assertThat(
              strategic(
                      models,
                      "{\"id\":\"s\",\"prompt\":\"{now}\",\"context_strategy\":{\"now\":\"truncate:3\"},"
                          + "\"pre_tools\":[{\"type\":\"template_render\",\"inject_as\":\"now\",\"template\":\"abcdef\",\"data\":\"{}\"}]}")
                  .run(context))
          .isInstanceOfSatisfying(
              StepOutcome.Done.class,
              done -> assertThat(Json.show(done.output())).startsWith("abc\n[cut"));
    }
  }

  @Test
  void namesUnknownStrategies() {
    try (Models models = scripted(SUMMARISE)) {
      ObjectNode fields =
          (ObjectNode) Json.read("{\"prompt\":\"p\",\"context_strategy\":{\"a\":\"shrink\"}}");
      assertThat(kind(models).faults(fields))
          .containsExactly(
              "context_strategy.a: must be full, summarize or truncate:N, not \"shrink\"");
    }
  }

  private static ContextStrategyKind kind(Models models) {
    return new ContextStrategyKind(
        new Echo(), models, new PreTools(List.of(new io.windlass.tool.TemplateRender())));
  }

  private static Step strategic(Models models, String fields) {
    return kind(models).bind((ObjectNode) Json.read(fields));
  }

  private static Models scripted(String script) {
    return Models.scripted(Script.parse("test", script));
  }
}
