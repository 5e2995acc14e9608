package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Excerpt;
import io.windlass.text.Feedback;
import io.windlass.text.Template;
import io.windlass.tool.PreTools;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * One evaluator step: a model judges a variable; what does not pass may be made again by the step
 * that made it, with the judgement as a note.
 */
final class EvaluatorStep implements Step {
  private static final int MAX_RETRIES = 2;
  private static final int MOST_RETRIES = 100;
  private static final double THRESHOLD = 7;
  private static final int SHOWN = 500;

  /** Models like to write their verdict in bold. */
  private static final Pattern SCORE = Pattern.compile("[\\s*_#`\"']*(\\d{1,9}).*", Pattern.DOTALL);

  private static final Pattern PASS =
      Pattern.compile("[\\s*_#`\"']*pass.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private final ObjectNode fields;
  private final Prompting prompting;
  private final int retries;
  private final boolean scoring;
  private final double threshold;

  EvaluatorStep(ObjectNode fields, Prompting prompting) {
    this.fields = fields;
    this.prompting = prompting;
    this.scoring = fields.path("eval_scoring").asBoolean(false);
    this.threshold = fields.path("eval_threshold").asDouble(THRESHOLD);
    this.retries =
        onFail().equals("retry") && !text("retry_target").isBlank()
            ? Math.clamp(fields.path("max_retries").asLong(MAX_RETRIES), 0, MOST_RETRIES)
            : 0;
  }

  static void faults(ObjectNode fields, List<String> faults) {
    if (Json.show(fields.get("input_var")).isBlank()) {
      faults.add("input_var: an evaluator needs the variable that it is to judge");
    }
    if (Json.show(fields.get("on_fail")).equals("retry")
        && Json.show(fields.get("retry_target")).isBlank()) {
      faults.add("retry_target: on_fail: retry needs the step to run again");
    }
    if (fields.path("max_retries").asLong(0) > MOST_RETRIES) {
      faults.add("max_retries: at most " + MOST_RETRIES);
    }
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    tellOfNothingToJudge(context);
    try {
      for (int number = 1; ; number++) {
        String verdict = judge(context, number);
        boolean passed = passes(verdict);
        if (passed || number > retries) {
          prompting.check(context, verdict);
          return ended(context, verdict, passed);
        }
        String key = "retry:" + number;
        if (!context.ranAgain(key)) {
          context.log(
              LogLevel.WARN,
              "Evaluation %d of at most %d did not pass; step \"%s\" runs again: %s"
                  .formatted(
                      number,
                      retries + 1,
                      text("retry_target"),
                      Excerpt.of(verdict.strip(), SHOWN)));
          return new StepOutcome.RunAgain(
              key,
              text("retry_target"),
              Map.of(Feedback.VARIABLE, Json.text(verdict.strip())),
              PreTools.EFFECTS);
        }
      }
    } catch (Asking.Unanswered e) {
      return Prompting.failed(e);
    }
  }

  private void tellOfNothingToJudge(StepContext context) {
    String variable = text("input_var");
    if (!variable.isBlank() && !context.state().has(variable)) {
      context.log(
          LogLevel.WARN,
          "There is no variable \"%s\", so the empty text is judged: input_var must name the output_var of a step before this one"
              .formatted(variable));
    }
  }

  /**
   * The text of one evaluation. It is not streamed: what is shown is the last one, and that is not
   * known before it is read.
   */
  private String judge(StepContext context, int number) throws Exception {
    String standIn = scoring ? (long) Math.ceil(Math.max(threshold, 10)) + "" : "PASS";
    return prompting.ask(
        context, "judge:" + number, prompt(context.state()), false, standIn, _ -> {});
  }

  private String prompt(State state) {
    String criteria = text("criteria").isBlank() ? text("prompt") : text("criteria");
    String variable = text("input_var");
    String judged =
        variable.isBlank() ? Template.render(text("prompt"), state) : state.text(variable);
    String how =
        scoring
            ? "Begin your answer with a whole number from 1 (worst) to 10 (best); %s or more passes. Then say why, and what would have to change."
                .formatted(plain(threshold))
            : "Begin your answer with the word PASS when the text meets the criteria, or with the word FAIL when it does not. Then say why, and what would have to change.";
    return "Evaluate the text below by these criteria.\n\n<criteria>\n%s\n</criteria>\n\n<text>\n%s\n</text>\n\n%s"
        .formatted(Template.render(criteria, state), judged, how);
  }

  private boolean passes(String verdict) {
    if (!scoring) {
      return PASS.matcher(verdict).matches();
    }
    Matcher score = SCORE.matcher(verdict);
    return score.matches() && Long.parseLong(score.group(1)) >= threshold;
  }

  private StepOutcome ended(StepContext context, String verdict, boolean passed) {
    String told = Excerpt.of(verdict.strip(), SHOWN);
    if (!passed) {
      switch (onFail()) {
        case "skip" -> {
          return new StepOutcome.Skipped("The evaluation did not pass: " + told, PreTools.EFFECTS);
        }
        case "error" -> {
          return new StepOutcome.Failed(
              "The evaluation of \"%s\" did not pass: %s".formatted(text("input_var"), told),
              false,
              PreTools.EFFECTS);
        }
        default -> context.log(LogLevel.WARN, "The evaluation did not pass: " + told);
      }
    }
    String variable = text("output_var");
    return new StepOutcome.Done(
        Json.text(verdict),
        variable.isEmpty() ? Map.of() : Map.of(variable, Json.text(passed ? "PASS" : "FAIL")),
        Set.of());
  }

  /** Who names a step to run again wants that, unless something else is said. */
  private String onFail() {
    String said = text("on_fail").toLowerCase(Locale.ROOT);
    return said.isEmpty() && !text("retry_target").isBlank() ? "retry" : said;
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private String text(String field) {
    return Json.show(fields.get(field));
  }
}
