package io.windlass.model;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * A server that models are asked at.
 *
 * @param name the provider's name in {@code provider/model}
 * @param format how it is asked
 * @param baseUrl what the format's paths are appended to
 * @param key sent with each call; null when it is not set
 * @param keyVariable the environment variable that the key comes from; null when none is needed
 * @param model the name to ask for when a step names no model; null for none
 * @param custom whether the URL was given, so that the server may know any model's name
 */
public record Endpoint(
    String name,
    WireFormat format,
    URI baseUrl,
    @Nullable String key,
    @Nullable String keyVariable,
    @Nullable String model,
    boolean custom) {

  boolean lacksKey() {
    return key == null && keyVariable != null;
  }

  /** Everything but the key. */
  @Override
  public String toString() {
    return "%s at %s%s, key %s"
        .formatted(
            name,
            shownUrl(),
            model == null ? "" : ", model " + model,
            key == null ? "not set" : "set");
  }

  /** The URL without credentials and query, for messages. */
  String shownUrl() {
    String port = baseUrl.getPort() < 0 ? "" : ":" + baseUrl.getPort();
    String path = baseUrl.getPath() == null ? "" : baseUrl.getPath();
    return baseUrl.getScheme() + "://" + baseUrl.getHost() + port + path;
  }
}
