package io.windlass.surface.compute;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Plain requests to the polling transport, which no client of that protocol would send. */
final class Polls {
  private Polls() {}

  static int status(String url, @Nullable String authorization) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(10));
      if (authorization != null) {
        request.header("Authorization", authorization);
      }
      return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }
  }
}
