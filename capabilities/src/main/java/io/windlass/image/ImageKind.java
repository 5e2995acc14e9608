package io.windlass.image;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** The kind {@code image_gen}: a picture from a prompt, told as JSON. */
public final class ImageKind implements StepKind {
  private final Images images;

  public ImageKind(Images images) {
    this.images = images;
  }

  @Override
  public String name() {
    return "image_gen";
  }

  @Override
  public boolean timesItsCalls() {
    return true;
  }

  @Override
  public Step bind(ObjectNode fields) {
    List<String> faults = faults(fields);
    if (!faults.isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_DEFINITION,
          "Step \"%s\": %s".formatted(Json.show(fields.get("id")), String.join("; ", faults)));
    }
    long millis = fields.path("timeout_ms").asLong(0);
    return new ImageStep(images, fields, millis > 0 ? Duration.ofMillis(millis) : images.timeout());
  }
}
