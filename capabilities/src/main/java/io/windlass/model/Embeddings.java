package io.windlass.model;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An embedding model of one of the configured OpenAI-compatible endpoints. */
public final class Embeddings {
  private final Endpoint endpoint;
  private final String name;
  private final OpenAiEmbeddingModel model;

  private Embeddings(Endpoint endpoint, String name, ModelConfig config) {
    this.endpoint = endpoint;
    this.name = name;
    this.model =
        OpenAiEmbeddingModel.builder()
            .baseUrl(endpoint.baseUrl().toString())
            .apiKey(endpoint.key() == null ? "none" : endpoint.key())
            .modelName(name)
            .maxRetries(0)
            .timeout(config.timeout())
            .httpClientBuilder(
                JdkHttpClient.builder()
                    .httpClientBuilder(
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)))
            .build();
  }

  /**
   * The model of a name: {@code provider/model}, or a bare name of OpenAI's endpoint or of the only
   * configured one.
   *
   * @throws WindlassException NOT_CONFIGURED when no endpoint serves it, or its key is missing
   */
  public static Embeddings of(ModelConfig config, String given) {
    Endpoint endpoint = null;
    String name = given;
    int slash = given.indexOf('/');
    if (slash > 0) {
      endpoint = config.endpoints().get(given.substring(0, slash));
      name = endpoint == null ? given : given.substring(slash + 1);
    }
    if (endpoint == null) {
      endpoint = standard(config.endpoints());
    }
    if (endpoint == null) {
      throw missing(given, "set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own");
    }
    if (endpoint.lacksKey()) {
      throw missing(
          given,
          "set %s (any value will do for a server that asks for none)"
              .formatted(endpoint.keyVariable()));
    }
    return new Embeddings(endpoint, name, config);
  }

  private static @Nullable Endpoint standard(Map<String, Endpoint> endpoints) {
    Endpoint openai = endpoints.get(EndpointSettings.OPENAI);
    if (openai != null) {
      return openai;
    }
    List<Endpoint> own = endpoints.values().stream().filter(Endpoint::custom).toList();
    return own.size() == 1 ? own.getFirst() : null;
  }

  private static WindlassException missing(String given, String advice) {
    return new WindlassException(
        ErrorCode.NOT_CONFIGURED,
        "The embedding model \"%s\" is not configured: %s".formatted(given, advice));
  }

  /** {@code provider/model}. */
  public String name() {
    return endpoint.name() + "/" + name;
  }

  /**
   * One vector per text, in order. No text may be blank.
   *
   * @throws IOException when the endpoint cannot be reached, refuses, or answers something else
   */
  public List<float[]> of(List<String> texts) throws IOException, InterruptedException {
    List<Embedding> found;
    try {
      found = model.embedAll(texts.stream().map(TextSegment::from).toList()).content();
    } catch (RuntimeException e) {
      if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
        throw new InterruptedException();
      }
      throw new IOException(
          "The embedding model %s at %s failed: %s"
              .formatted(name(), endpoint.shownUrl(), masked(e)),
          e);
    }
    List<float[]> vectors = found.stream().map(Embedding::vector).toList();
    int length = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    if (vectors.size() != texts.size()
        || length == 0
        || vectors.stream().anyMatch(vector -> vector.length != length)) {
      throw new IOException(
          "The embedding model %s at %s answered %d vectors for %d texts, or of different lengths"
              .formatted(name(), endpoint.shownUrl(), vectors.size(), texts.size()));
    }
    return vectors;
  }

  private String masked(RuntimeException e) {
    String text = String.valueOf(e.getMessage());
    String key = endpoint.key();
    return key == null ? text : text.replace(key, "***");
  }
}
