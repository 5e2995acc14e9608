package io.windlass.tool;

import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import io.windlass.text.StandIn;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What answers in a dry run in the place of tools and effects: a script, or else a marked stand-in.
 * Nothing is carried out; each is told in the step's log.
 */
public final class ToolRehearsal {
  /** Begins the log lines that tell of what was not carried out. */
  public static final String LOG = "Dry run: ";

  private static final int SHOWN = 300;
  private final Script script;

  /** Answers that were written beforehand. */
  @FunctionalInterface
  public interface Script {
    /**
     * The text for a call; empty to leave it to a stand-in.
     *
     * @param tool {@code bash}, {@code webhook}, …
     * @param variable what the text is for; empty when it is the step's output
     * @param what what would be done
     */
    Optional<String> answer(String step, String tool, String variable, String what);
  }

  public ToolRehearsal(Script script) {
    this.script = script;
  }

  /** The text in place of what a tool would give, told in the log. */
  public String instead(StepContext context, String tool, String variable, String what) {
    Optional<String> scripted = script.answer(context.stepId(), tool, variable, what);
    context.log(
        LogLevel.INFO,
        "%s%s not carried out, answered %s: %s"
            .formatted(
                LOG,
                variable.isEmpty() ? tool : tool + " for {" + variable + "}",
                scripted.isPresent() ? "by the script" : "with a stand-in",
                Excerpt.of(what.strip(), SHOWN)));
    return scripted.orElseGet(() -> StandIn.text("the result of " + tool));
  }

  /** The pre-tool itself when it is pure, else one that only tells what it would do. */
  public PreTool of(PreTool tool) {
    return tool.isPure() ? tool : new Pretended(tool);
  }

  /** The kind itself when it may be rehearsed, else one whose steps only tell of themselves. */
  public StepKind of(StepKind kind) {
    return kind.isRehearsable() ? kind : new PretendedKind(kind);
  }

  /** The same tools, which only tell what they would do. */
  public ToolSource of(ToolSource source) {
    return new ToolSource() {
      @Override
      public List<Tool> named(String name) throws Exception {
        return source.named(name).stream().<Tool>map(PretendedTool::new).toList();
      }

      @Override
      public boolean knows(String name) {
        return source.knows(name);
      }
    };
  }

  private final class PretendedTool implements Tool {
    private final Tool tool;

    PretendedTool(Tool tool) {
      this.tool = tool;
    }

    @Override
    public String name() {
      return tool.name();
    }

    @Override
    public String description() {
      return tool.description();
    }

    @Override
    public ObjectNode schema() {
      return tool.schema();
    }

    @Override
    public boolean isReadOnly() {
      return true;
    }

    @Override
    public ToolResult call(ToolCall call) {
      return ToolResult.of(instead(call.context(), tool.name(), "", call.arguments().toString()));
    }
  }

  private final class Pretended implements PreTool {
    private final PreTool tool;

    Pretended(PreTool tool) {
      this.tool = tool;
    }

    @Override
    public String name() {
      return tool.name();
    }

    @Override
    public List<String> required() {
      return tool.required();
    }

    @Override
    public boolean cacheable() {
      return false;
    }

    @Override
    public String run(PreToolCall call) {
      StringBuilder what = new StringBuilder();
      for (String field : tool.required()) {
        what.append(what.isEmpty() ? "" : ", ").append(call.text(field));
      }
      return instead(call.context(), tool.name(), call.text("inject_as"), what.toString());
    }
  }

  private final class PretendedKind implements StepKind {
    private final StepKind kind;

    PretendedKind(StepKind kind) {
      this.kind = kind;
    }

    @Override
    public String name() {
      return kind.name();
    }

    @Override
    public List<String> faults(ObjectNode fields) {
      return kind.faults(fields);
    }

    @Override
    public Step bind(ObjectNode fields) {
      var _ = kind.bind(fields);
      return context ->
          StepOutcome.done(instead(context, kind.name(), "", "a step of the type " + kind.name()));
    }
  }
}
