package io.windlass.agent;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ChosenModel;
import io.windlass.model.Message;
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
import io.windlass.text.Excerpt;
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
  private static final String ALONE =
      """
      An answer was to be %s

      What is wrong with it:
      - %s

      Keep its content and write it again so that it fits. Answer with the JSON alone.

      The answer:
      %s\
      """;
  private static final String GOING_ON =
      """
      This answer was to be %s

      What is wrong with it:
      - %s

      Write the whole answer again so that it fits. Take what it lacks from this conversation. Answer \
      with the JSON alone, and call no tool.\
      """;
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
    Optional<OutputSchema> demanded = OutputSchema.of(fields);
    if (demanded.isEmpty()) {
      return super.bind(fields);
    }
    Step step = super.bind(fields);
    OutputSchema schema = demanded.get();
    String model = Json.show(fields.get("model"));
    long millis = fields.path("timeout_ms").asLong(0);
    Duration timeout = millis > 0 ? Duration.ofMillis(millis) : null;
    return context -> {
      LatestAsked asked = new LatestAsked();
      StepOutcome outcome =
          ScopedValue.where(LatestAsked.CURRENT, asked).call(() -> step.run(context));
      return outcome instanceof StepOutcome.Done done
          ? held(new Repair(schema, model, timeout, asked.request()), done, context)
          : outcome;
    };
  }

  /**
   * An answer as the journal keeps it.
   *
   * @param millis how long it took
   */
  private record Mended(ModelAnswer answer, long millis) {}

  /**
   * How an answer is mended.
   *
   * @param asked the conversation that it came of; null when none is known
   */
  private record Repair(
      OutputSchema schema,
      String model,
      @Nullable Duration timeout,
      @Nullable ModelRequest asked) {}

  private StepOutcome held(Repair repair, StepOutcome.Done done, StepContext context)
      throws Exception {
    OutputSchema schema = repair.schema();
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
              ModelAnswer given = mend(repair, answer, faults, context);
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
  private ModelAnswer mend(Repair repair, String answer, List<String> faults, StepContext context)
      throws InterruptedException {
    ModelRequest request = request(repair, answer, faults, context);
    boolean[] heard = {false};
    ChosenModel chosen = null;
    try {
      chosen = models.choose(repair.model());
      ModelAnswer mended = chosen.calledBy(context).ask(request, piece -> heard[0] = true);
      if (mended.text().isBlank()) {
        tellNotMended(context, Lack.named(mended) + " answered nothing");
      }
      return mended;
    } catch (ModelFailure e) {
      return givenUp(
          context, e.text(), chosen == null ? Usage.NONE : chosen.consumedBy(e, heard[0]));
    } catch (WindlassException e) {
      return givenUp(context, e.text(), Usage.NONE);
    }
  }

  /** The conversation goes on, so that the model has what the answer may lack. */
  private static ModelRequest request(
      Repair repair, String answer, List<String> faults, StepContext context) {
    ObjectNode source = repair.schema().source();
    String wanted = source == null ? "valid JSON" : "JSON that fits this JSON Schema:\n" + source;
    String wrong = String.join("\n- ", faults);
    String sent = Excerpt.head(answer, MOST_SENT);
    ModelRequest asked = repair.asked();
    if (asked == null) {
      String prompt = ALONE.formatted(wanted, wrong, sent);
      return ModelRequest.of(context.stepId(), prompt, repair.timeout()).withJson(true);
    }
    List<Message> messages = new ArrayList<>(asked.messages());
    messages.add(Message.assistant(sent));
    messages.add(Message.user(GOING_ON.formatted(wanted, wrong)));
    // Without the folder: a model with tools of its own is to write, not to work again.
    return new ModelRequest(
        asked.step(), asked.system(), messages, repair.timeout(), true, asked.tools());
  }

  private static ModelAnswer givenUp(StepContext context, String why, Usage usage) {
    tellNotMended(context, why);
    return new ModelAnswer("", ModelAnswer.Finish.OTHER, usage);
  }

  private static void tellNotMended(StepContext context, String why) {
    context.log(LogLevel.WARN, "output_schema: the answer could not be mended: " + why);
  }
}
