package io.windlass.agent;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Models;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kinds of steps, besides agents, that put prompts of their own making to a model: {@code
 * router}, {@code evaluator}, {@code debate}, and {@code merge} by a model.
 */
public final class AskingKind implements StepKind {
  private final String name;
  private final Rules rules;

  /** What one of these kinds makes of a step's fields. */
  private interface Rules {
    void faults(ObjectNode fields, List<String> faults);

    Step bind(ObjectNode fields);
  }

  private AskingKind(String name, Rules rules) {
    this.name = name;
    this.rules = rules;
  }

  /** Lets a model choose among routes. */
  public static AskingKind router(Models models) {
    return new AskingKind(
        "router",
        new Rules() {
          @Override
          public void faults(ObjectNode fields, List<String> faults) {
            // Its routes are held against the chain's steps, by the chain's lint.
          }

          @Override
          public Step bind(ObjectNode fields) {
            return new RouterStep(fields, Prompting.of(models, fields, "haiku"));
          }
        });
  }

  /** Lets a model judge a variable. */
  public static AskingKind evaluator(Models models) {
    return new AskingKind(
        "evaluator",
        new Rules() {
          @Override
          public void faults(ObjectNode fields, List<String> faults) {
            EvaluatorStep.faults(fields, faults);
          }

          @Override
          public Step bind(ObjectNode fields) {
            return new EvaluatorStep(fields, Prompting.of(models, fields, "haiku"));
          }
        });
  }

  /** Lets several models answer, see each other's answers, and settle on one. */
  public static AskingKind debate(Models models) {
    return new AskingKind(
        "debate",
        new Rules() {
          @Override
          public void faults(ObjectNode fields, List<String> faults) {
            DebateStep.faults(fields, faults);
          }

          @Override
          public Step bind(ObjectNode fields) {
            return new DebateStep(
                fields,
                Prompting.ofHeld(models, fields, ""),
                Prompting.ofHeld(models, fields, "sonnet"));
          }
        });
  }

  /** The given kind of merges, with those strategies that need a model. */
  public static AskingKind merge(StepKind withoutModel, Models models) {
    return new AskingKind(
        "merge",
        new Rules() {
          @Override
          public void faults(ObjectNode fields, List<String> faults) {
            faults.addAll(withoutModel.faults(fields));
          }

          @Override
          public Step bind(ObjectNode fields) {
            return MergeByModel.handles(fields)
                ? new MergeByModel(fields, Prompting.of(models, fields, "haiku"))
                : withoutModel.bind(fields);
          }
        });
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean isRehearsable() {
    return true;
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>(Prompting.faults(fields));
    rules.faults(fields, faults);
    return faults;
  }

  @Override
  public Step bind(ObjectNode fields) {
    List<String> faults = Prompting.faults(fields);
    if (!faults.isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_DEFINITION,
          "Step \"%s\": %s".formatted(Json.show(fields.get("id")), String.join("; ", faults)));
    }
    return rules.bind(fields);
  }
}
