package io.windlass.image;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pre-tool {@code image_generate}: makes a picture from a prompt; gives its path, or with
 * {@code output: json} all that an image step tells.
 */
public final class ImageGenerate implements PreTool {
  private final Images images;
  private final WorkFiles files;

  public ImageGenerate(Images images, WorkFiles files) {
    this.images = images;
    this.files = files;
  }

  @Override
  public String name() {
    return "image_generate";
  }

  @Override
  public List<String> required() {
    return List.of("prompt");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws IOException, InterruptedException {
    String prompt = call.text("prompt").strip();
    if (prompt.isEmpty() || prompt.length() > ImageRequest.LONGEST_PROMPT) {
      throw WindlassException.invalid(
          prompt.isEmpty()
              ? "image_generate: the prompt is empty"
              : "image_generate: the prompt has %d characters; the most are %d"
                  .formatted(prompt.length(), ImageRequest.LONGEST_PROMPT));
    }
    boolean json = json(call);
    String target = call.text("output_path").trim();
    if (!target.isEmpty()) {
      // A place that may not be written to is told before money is spent.
      var _ = files.inside(target);
    }
    Images.Made made = made(call, prompt);
    call.context().use(made.usage());
    ObjectNode told = made.told();
    if (!target.isEmpty()) {
      Path file = files.write(named(target, made.picture().format()), made.picture().bytes());
      told.put("image_path", file.toString());
    }
    return json ? Json.write(told) : told.path("image_path").asString();
  }

  private Images.Made made(PreToolCall call, String prompt) throws InterruptedException {
    ImageRequest request =
        new ImageRequest("", prompt, given(call, "size"), given(call, "quality"), call.timeout());
    try {
      return images.make(
          call.context(),
          call.text("model"),
          request,
          call.context().idempotencyKey("image:" + call.raw("inject_as") + ":" + prompt));
    } catch (ImageFailure e) {
      throw new WindlassException(
          e.retryable() ? ErrorCode.STEP_FAILED : ErrorCode.INVALID_INPUT, e.text(), e);
    }
  }

  private static boolean json(PreToolCall call) {
    String output = call.text("output", "path").trim().toLowerCase(Locale.ROOT);
    return switch (output) {
      case "json" -> true;
      case "", "path" -> false;
      default ->
          throw WindlassException.invalid(
              "image_generate: output must be path or json, not \"" + output + "\"");
    };
  }

  private static @Nullable String given(PreToolCall call, String field) {
    String own = call.text(field).strip();
    String text = own.isEmpty() ? call.text("image_" + field).strip() : own;
    return text.isEmpty() ? null : text;
  }

  private static String named(String path, String format) {
    return path.toLowerCase(Locale.ROOT).matches(".*\\.(png|jpe?g|webp|gif)")
        ? path
        : path + "." + format;
  }
}
