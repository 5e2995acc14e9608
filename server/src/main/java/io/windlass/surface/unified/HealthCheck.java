package io.windlass.surface.unified;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * One thing that must be well for the server to be well.
 *
 * @param name a surface, or {@code database}
 * @param probe looks
 */
public record HealthCheck(String name, Probe probe) {

  /** Looks whether something is well. */
  @FunctionalInterface
  public interface Probe {
    /**
     * Says where or how it is well.
     *
     * @throws Exception when it is not; its message says what is wrong
     */
    String look() throws Exception;
  }

  /** A surface that must answer requests on its own port; any answer short of a 5xx will do. */
  public static HealthCheck answers(String surface, HttpClient client, Supplier<String> baseUrl) {
    return new HealthCheck(
        surface,
        () -> {
          String url = baseUrl.get();
          HttpRequest request =
              HttpRequest.newBuilder(URI.create(url + "/health"))
                  .timeout(Duration.ofSeconds(2))
                  .build();
          int status = client.send(request, BodyHandlers.discarding()).statusCode();
          if (status >= 500) {
            throw new IllegalStateException(url + " answers " + status);
          }
          return url;
        });
  }
}
