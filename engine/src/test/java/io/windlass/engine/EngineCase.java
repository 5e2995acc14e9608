package io.windlass.engine;

import io.windlass.execution.StepStatus;
import io.windlass.execution.StepView;
import io.windlass.kernel.ExecutionId;
import io.windlass.step.Question;
import io.windlass.step.Step;
import io.windlass.step.StepOutcome;
import io.windlass.store.TestStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A test of what the engine promises, on every database. */
@ParameterizedClass
@EnumSource(TestStore.class)
abstract class EngineCase {
  static final Step GATE =
      context ->
          context
              .answer("gate")
              .map(answer ->
                  answer.is(Question.APPROVE)
                      ? StepOutcome.done("approved")
                      : new StepOutcome.Failed("rejected by " + answer.by(), false))
              .orElseGet(() ->
                  new StepOutcome.Ask(
                      "gate",
                      new Question(
                          "gate",
                          "Go on?",
                          List.of(Question.APPROVE, Question.REJECT),
                          null,
                          null)));

  @Parameter @Nullable TestStore database;
  @TempDir Path home;
  TestEngine test;

  @BeforeEach
  void open() {
    test = new TestEngine(home, Objects.requireNonNull(database).newUrl());
  }

  @AfterEach
  void close() {
    test.close();
  }

  static Step says(String text) {
    return context -> StepOutcome.done(text);
  }

  Map<String, StepStatus> statuses(ExecutionId id) {
    return test.engine().executions().detail(id).steps().stream()
        .collect(Collectors.toMap(StepView::id, StepView::status));
  }
}
