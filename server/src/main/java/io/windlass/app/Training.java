package io.windlass.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A short life on free ports and a throw-away home, from which the JDK learns what start-up needs.
 */
final class Training {
  private static final String CHAIN =
      """
      name: training
      steps:
        - id: greet
          type: transform
          operation: template
          prompt: greet
          template_str: "Hello {input.who|you}"
          output_var: greeting
      output: greeting
      """;

  private Training() {}

  static void run() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("windlass-training");
    try {
      Map<String, String> environment =
          Map.of(
              "WINDLASS_HOME",
              home.toString(),
              "WINDLASS_PORT",
              "0",
              "WINDLASS_COMPUTE_PORT",
              "off",
              "WINDLASS_CHAINS_PORT",
              "0");
      try (Server server = Server.open(Config.read(environment, home), environment);
          HttpClient client = HttpClient.newHttpClient()) {
        ask(client, server);
      }
    } finally {
      delete(home);
    }
    System.exit(0);
  }

  private static void ask(HttpClient client, Server server)
      throws IOException, InterruptedException {
    String chains = server.mainUrl() + "/apis/chains";
    post(client, chains + "/chains/training", "text/yaml", CHAIN);
    post(client, chains + "/execute/training", "application/json", "{\"input\":{}}");
    for (String path :
        List.of("/health", "/v1/executions", "/metrics", "/apis/chains/executions")) {
      send(client, HttpRequest.newBuilder(URI.create(server.mainUrl() + path)));
    }
  }

  private static void post(HttpClient client, String url, String type, String body)
      throws IOException, InterruptedException {
    send(
        client,
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  private static void send(HttpClient client, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
    if (status >= 500) {
      throw new IOException("training: " + request.build().uri() + " answered " + status);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
