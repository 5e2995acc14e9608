package io.windlass.agent;

import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelRequest;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import io.windlass.tool.Tool;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** One agent step: pre-tools, prompt, the conversation with its model, checks of the answer. */
final class AgentStep implements Step {
  /** Sets a step's one conversation apart from others that a step may have. */
  private static final String SCOPE = "0";

  private final PreTools preTools;
  private final List<ObjectNode> gathering;
  private final Words words;
  private final Asking asking;
  private final @Nullable Duration timeout;
  private final OutputChecks checks;
  private final Toolbox toolbox;
  private final ToolFields tools;
  private final @Nullable Path workspace;

  /**
   * What the model is told, with placeholders.
   *
   * @param system standing instructions; empty for none
   */
  record Words(String prompt, String system) {}

  AgentStep(
      PreTools preTools,
      List<ObjectNode> gathering,
      Words words,
      Asking asking,
      @Nullable Duration timeout,
      OutputChecks checks,
      Toolbox toolbox,
      ToolFields tools,
      @Nullable Path workspace) {
    this.preTools = preTools;
    this.gathering = List.copyOf(gathering);
    this.words = words;
    this.asking = asking;
    this.timeout = timeout;
    this.checks = checks;
    this.toolbox = toolbox;
    this.tools = tools;
    this.workspace = workspace;
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    State state = preTools.run(context, gathering, context.state());
    String rendered = Template.render(words.prompt(), state);
    if (rendered.isBlank()) {
      return new StepOutcome.Failed(
          "The prompt is empty once its variables are put in; check the steps that set them",
          false);
    }
    Map<String, Tool> taken =
        toolbox.take(
            tools.names(),
            name ->
                context.log(
                    LogLevel.WARN,
                    "There is no tool \"%s\"; the model does without it".formatted(name)));
    Optional<String> unapproved =
        asking.unapproved(context.stepId(), taken.keySet(), tools.approve());
    if (unapproved.isPresent()) {
      return new StepOutcome.Failed(unapproved.get(), false);
    }
    String cwd = tools.cwd(state);
    ToolCalls calls =
        new ToolCalls(
            taken,
            new Consent(context, tools.approve(), tools.approvalTime()),
            new ToolRun(context, cwd, tools.time()));
    ModelRequest first =
        ModelRequest.of(context.stepId(), rendered, timeout).withJson(checks.wantJson());
    if (!words.system().isBlank()) {
      first = first.withSystem(Template.render(words.system(), state));
    }
    if (workspace != null) {
      try {
        first = first.withDirectory(cwd == null ? workspace : workspace.resolve(cwd));
      } catch (InvalidPathException e) {
        return new StepOutcome.Failed("cwd: \"%s\" is not a path".formatted(cwd), false);
      }
    }
    return new ToolLoop(context, SCOPE, asking, calls, tools.maxTurns(), first)
        .run(answer -> answered(context, answer));
  }

  private StepOutcome answered(StepContext context, ModelAnswer answer) {
    Lack.tell(context, answer);
    for (String warning : checks.warnings(answer.text())) {
      context.log(LogLevel.WARN, warning);
    }
    return StepOutcome.done(answer.text());
  }
}
