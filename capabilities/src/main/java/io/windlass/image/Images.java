package io.windlass.image;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Endpoint;
import io.windlass.model.Estimate;
import io.windlass.model.ModelConfig;
import io.windlass.model.Toll;
import io.windlass.step.StepContext;
import io.windlass.step.Usage;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes pictures from prompts, by the endpoints that models are configured with, and keeps them in
 * a folder.
 */
public final class Images implements AutoCloseable {
  private static final String STANDARD = "gpt-image-1";
  private static final String OPENAI = "openai";
  private final ModelConfig config;
  private final ImageFolder folder;
  private final Counting counting;
  private final HttpClient http =
      HttpClient.newBuilder()
          .connectTimeout(Duration.ofSeconds(30))
          .followRedirects(HttpClient.Redirect.NORMAL)
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  /** {@link #Images(ModelConfig, Path, Counting)} whose pictures nobody counts. */
  public Images(ModelConfig config, Path folder) {
    this(config, folder, Counting.NONE);
  }

  /**
   * @param folder where pictures are kept; made when the first one comes
   * @param counting asked before each picture
   */
  public Images(ModelConfig config, Path folder, Counting counting) {
    this.config = config;
    this.counting = counting;
    this.folder = new ImageFolder(folder);
  }

  /** How long a picture may take that says nothing of it. */
  Duration timeout() {
    return config.timeout();
  }

  /** Who makes the picture, and by which of its models. */
  private record Chosen(ImageApi api, String provider, String model) {}

  /**
   * What a model's name stands for: {@code provider/model}, or a model of OpenAI or of the only
   * server there is.
   *
   * @throws WindlassException NOT_CONFIGURED naming the setting
   */
  private Chosen choose(String asked) {
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

  /**
   * A picture that was made and kept.
   *
   * @param told what a document reads of it
   */
  record Made(Picture picture, ObjectNode told, Usage usage) {}

  /**
   * Asks for a picture, blocks until it is there, and keeps it.
   *
   * @param step who wants it
   * @param asked the model as the document names it; empty for the standard one
   * @param request what is wanted; its model is taken from {@code asked}
   * @param effect names the effect: the same at every repetition, which takes the same file
   * @throws WindlassException NOT_CONFIGURED naming the setting
   * @throws ImageFailure when there is none
   */
  Made make(StepContext step, String asked, ImageRequest request, String effect)
      throws InterruptedException {
    Chosen chosen = choose(asked);
    Picture picture = counted(step, chosen, request.by(chosen.model()), effect);
    Path file = folder.keep(effect, picture);
    String revised = picture.revisedPrompt();
    ObjectNode told = Json.object();
    told.put("image_url", "/images/" + file.getFileName());
    told.put("image_path", file.toString());
    told.put("format", picture.format());
    told.put("model", chosen.model());
    told.put("provider", chosen.provider());
    told.put("prompt", request.prompt());
    told.put("revised_prompt", revised == null ? request.prompt() : revised);
    return new Made(picture, told, usage(chosen, picture.inputTokens(), picture.outputTokens()));
  }

  private Picture counted(StepContext step, Chosen chosen, ImageRequest request, String effect)
      throws InterruptedException {
    Toll.Passage passage =
        counting.enter(step, chosen.provider(), chosen.model(), request.prompt());
    if (passage == null) {
      return chosen.api().make(request, effect);
    }
    boolean told = false;
    try {
      Picture picture = chosen.api().make(request, effect);
      told = true;
      passage.paid(usage(chosen, picture.inputTokens(), picture.outputTokens()));
      return picture;
    } catch (ImageFailure e) {
      told = true;
      passage.spared();
      throw e;
    } finally {
      if (!told) {
        passage.paid(usage(chosen, Estimate.of(request.prompt()), 0));
      }
    }
  }

  private static Usage usage(Chosen chosen, long input, long output) {
    return new Usage(chosen.provider() + "/" + chosen.model(), input, output, null);
  }

  /** Ends all calls. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
