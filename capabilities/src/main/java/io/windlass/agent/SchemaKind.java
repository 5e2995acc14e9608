package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelAnswer;
import io.windlass.model.ModelFailure;
import io.windlass.model.ModelRequest;
import io.windlass.model.Models;
import io.windlass.step.Caveat;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.ForwardingKind;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Another step kind whose answer is held against {@code output_schema}. An answer that does not fit
 * goes back to the model once, with what is wrong with it; if that does not help, the first answer
 * stands and the step's log has a warning.
 */
public final class SchemaKind extends ForwardingKind {
  private static final int MOST_SENT = 100_000;
  private final Models models;

  public SchemaKind(StepKind kind, Models models) {
    super(kind);
    this.models = models;
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>(super.faults(fields));
    faults.addAll(OutputSchema.faults(fields));
    return faults;
  }

  @Override
  public Step bind(ObjectNode fields) {
    Step step = super.bind(fields);
    Optional<OutputSchema> demanded = OutputSchema.of(fields);
    if (demanded.isEmpty()) {
      return step;
    }
    OutputSchema schema = demanded.get();
    String model = Json.show(fields.get("model"));
    long millis = fields.path("timeout_ms").asLong(0);
    Duration timeout = millis > 0 ? Duration.ofMillis(millis) : null;
    return context -> {
      StepOutcome outcome = step.run(context);
      return outcome instanceof StepOutcome.Done done
          ? held(schema, model, timeout, done, context)
          : outcome;
    };
  }

  /**
   * An answer as the journal keeps it.
   *
   * @param millis how long it took
   */
  private record Mended(ModelAnswer answer, long millis) {}

  private StepOutcome held(
      OutputSchema schema,
      String model,
      @Nullable Duration timeout,
      StepOutcome.Done done,
      StepContext context)
      throws Exception {
    String answer = Json.show(done.output());
    List<String> faults = schema.faults(answer);
    if (faults.isEmpty()) {
      return done;
    }
    String told =
        explained(
            "output_schema: the answer does not fit (%s); the model is asked to mend it"
                .formatted(String.join("; ", faults)),
            context);
    context.log(LogLevel.WARN, told);
    JsonNode kept =
        context.perform(
            Effect.repeatable("schema-repair", "ask the model to mend its answer"),
            () -> {
              long began = System.nanoTime();
              ModelAnswer given = mend(schema, model, timeout, answer, faults, context);
              long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
              return new EffectResult(Json.tree(new Mended(given, millis)), given.usage());
            });
    if (!kept.isObject()) {
      // A person took the interrupted call as done: what it answered is lost.
      return done;
    }
    // Journals from before its time was kept have the answer alone.
    ModelAnswer mended =
        Json.MAPPER.treeToValue(kept.has("answer") ? kept.get("answer") : kept, ModelAnswer.class);
    context.use(mended.usage());
    if (mended.text().isBlank()) {
      return done;
    }
    List<String> left = schema.faults(mended.text());
    if (left.isEmpty()) {
      return new StepOutcome.Done(Json.text(mended.text()), done.set(), done.close());
    }
    // What was told of the first answer need not be told of the second again.
    String again = left.equals(faults) ? "" : " (" + String.join("; ", left) + ")";
    String last =
        "output_schema: the mended answer does not fit either%s; the first one stands"
            .formatted(again);
    boolean isKnown = told.contains(models.caveat(context.consumed()));
    context.log(LogLevel.WARN, isKnown ? last : explained(last, context));
    return done;
  }

  private String explained(String told, StepContext context) {
    Caveat caveat = models::caveat;
    return caveat.behind(told, context.consumed());
  }

  /** An empty answer when the model gives none: that is recorded, and the first one stands. */
  private ModelAnswer mend(
      OutputSchema schema,
      String model,
      @Nullable Duration timeout,
      String answer,
      List<String> faults,
      StepContext context)
      throws InterruptedException {
    String wanted =
        schema.source() == null
            ? "valid JSON"
            : "JSON that fits this JSON Schema:\n" + schema.source();
    String sent = answer.length() > MOST_SENT ? answer.substring(0, MOST_SENT) : answer;
    String prompt =
        """
        An answer was to be %s

        What is wrong with it:
        - %s

        Keep its content and write it again so that it fits. Answer with the JSON alone.

        The answer:
        %s\
        """
            .formatted(wanted, String.join("\n- ", faults), sent);
    try {
      ModelAnswer mended =
          models
              .choose(model)
              .calledBy(context)
              .ask(ModelRequest.of(context.stepId(), prompt, timeout).withJson(true), piece -> {});
      if (mended.text().isBlank()) {
        tellNotMended(context, Lack.named(mended) + " answered nothing");
      }
      return mended;
    } catch (ModelFailure e) {
      return givenUp(context, e.text());
    } catch (WindlassException e) {
      return givenUp(context, e.text());
    }
  }

  private static ModelAnswer givenUp(StepContext context, String why) {
    tellNotMended(context, why);
    return new ModelAnswer("", ModelAnswer.Finish.OTHER, Usage.NONE);
  }

  private static void tellNotMended(StepContext context, String why) {
    context.log(LogLevel.WARN, "output_schema: the answer could not be mended: " + why);
  }
}
