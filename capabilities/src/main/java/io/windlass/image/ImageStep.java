package io.windlass.image;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Effect;
import io.windlass.step.EffectResult;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.text.Template;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One picture: asked for once, kept in a file, told as JSON. */
final class ImageStep implements Step {
  private static final String EFFECT = "image";
  private static final String USAGE = "usage";
  private final Images images;
  private final ObjectNode fields;
  private final Duration timeout;

  ImageStep(Images images, ObjectNode fields, Duration timeout) {
    this.images = images;
    this.fields = fields;
    this.timeout = timeout;
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    String prompt = rendered("prompt", context);
    if (prompt == null || prompt.length() > ImageRequest.LONGEST_PROMPT) {
      return new StepOutcome.Failed(
          prompt == null
              ? "The prompt is empty once its variables are put in; check the steps that set them"
              : "The prompt has %d characters; an image may be asked for with %d"
                  .formatted(prompt.length(), ImageRequest.LONGEST_PROMPT),
          false);
    }
    try {
      JsonNode made =
          context.perform(
              Effect.repeatable(EFFECT, "make an image"),
              () -> {
                JsonNode fresh = make(context, prompt);
                return new EffectResult(fresh, usage(fresh));
              });
      context.use(usage(made));
      ObjectNode output = ((ObjectNode) made).deepCopy();
      output.remove(USAGE);
      return StepOutcome.done(Json.write(output));
    } catch (ImageFailure e) {
      return new StepOutcome.Failed(e.text(), e.retryable());
    } catch (WindlassException e) {
      if (e.code().category() != ErrorCategory.UNAVAILABLE) {
        throw e;
      }
      return new StepOutcome.Failed(e.text(), false);
    }
  }

  private static Usage usage(JsonNode made) {
    return Json.MAPPER.treeToValue(made.path(USAGE), Usage.class);
  }

  private JsonNode make(StepContext context, String prompt) throws InterruptedException {
    String asked = rendered("model", context);
    Images.Made made =
        images.make(
            context,
            asked == null ? "" : asked,
            new ImageRequest(
                "",
                prompt,
                rendered("image_size", context),
                rendered("image_quality", context),
                timeout),
            context.idempotencyKey(EFFECT));
    return made.told().set(USAGE, Json.tree(made.usage()));
  }

  /** A field with its variables filled in; null when nothing is left of it. */
  private @Nullable String rendered(String field, StepContext context) {
    String text = Template.render(Json.show(fields.get(field)), context.state()).strip();
    return text.isEmpty() ? null : text;
  }
}
