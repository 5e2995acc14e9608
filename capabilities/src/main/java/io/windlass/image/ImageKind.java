package io.windlass.image;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Endpoint;
import io.windlass.model.ModelConfig;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kind {@code image_gen}: a picture from a prompt, by the endpoints that models are configured
 * with, kept in a folder.
 */
public final class ImageKind implements StepKind, AutoCloseable {
  private static final String STANDARD = "gpt-image-1";
  private static final String OPENAI = "openai";
  private final ModelConfig config;
  private final ImageFolder folder;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(30))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /**
   * @param folder where pictures are kept; made when the first one comes
   */
  public ImageKind(ModelConfig config, Path folder) {
    this.config = config;
    this.folder = new ImageFolder(folder);
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
    return new ImageStep(this, fields, millis > 0 ? Duration.ofMillis(millis) : config.timeout());
  }

  /** Who makes the picture, and by which of its models. */
  record Chosen(ImageApi api, String provider, String model) {}

  /**
   * What a model's name stands for: {@code provider/model}, or a model of OpenAI or of the only
   * server there is.
   *
   * @throws WindlassException NOT_CONFIGURED naming the setting
   */
  Chosen choose(String asked) {
    String name = config.aliases().getOrDefault(asked.strip(), asked.strip());
    int slash = name.indexOf('/');
    String provider = slash < 0 ? "" : name.substring(0, slash);
    Map<String, Endpoint> endpoints = config.endpoints();
    Endpoint endpoint = endpoints.get(provider);
    String model = endpoint == null ? name : name.substring(slash + 1);
    if (endpoint == null) {
      endpoint = endpoints.get(OPENAI);
    }
    if (endpoint == null) {
      List<Endpoint> custom = endpoints.values().stream().filter(Endpoint::custom).toList();
      endpoint = custom.size() == 1 ? custom.getFirst() : null;
    }
    if (endpoint == null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "Image model \"%s\" is not configured: set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server"
              .formatted(name.isEmpty() ? STANDARD : name));
    }
    ImageApi.requireKey(endpoint);
    return new Chosen(
        new ImageApi(endpoint, http), endpoint.name(), model.isEmpty() ? STANDARD : model);
  }

  ImageFolder folder() {
    return folder;
  }

  /** Ends all calls. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
