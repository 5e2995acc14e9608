package io.windlass.app;

import io.windlass.kernel.Json;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A home and its ports that a server process is started on, killed, and started on again. */
final class ServedHome implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(60);
  final Path folder;
  private final Map<String, String> settings;
  private final HttpClient client = HttpClient.newHttpClient();
  private final int port;
  private final int chainsPort;
  private final int computePort;
  private @Nullable Process process;

  ServedHome(Path folder, Map<String, String> settings) throws IOException {
    this.folder = folder;
    this.settings = settings;
    try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket two = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket three = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = one.getLocalPort();
      this.chainsPort = two.getLocalPort();
      this.computePort = three.getLocalPort();
    }
  }

  /** Starts the process and waits until it is well. */
  void start() throws IOException, InterruptedException {
    File log = folder.resolve("server.log").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "serve")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
    Map<String, String> environment = builder.environment();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", Integer.toString(port));
    environment.put("WINDLASS_CHAINS_PORT", Integer.toString(chainsPort));
    environment.put("WINDLASS_COMPUTE_PORT", Integer.toString(computePort));
    environment.put("WINDLASS_DRAIN", "1s");
    environment.putAll(settings);
    Process started = builder.start();
    process = started;
    long deadline = System.nanoTime() + READY.toNanos();
    while (!isWell()) {
      if (started.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        throw new IllegalStateException("the server does not start:\n" + log());
      }
    }
  }

  /** Ends the process as a power cut would. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
      process = null;
    }
  }

  /** Bounds the size of the files that the process writes, as a disk without room does. */
  void limitFiles(String bytes) throws IOException, InterruptedException {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("the server does not run");
    }
    String pid = Long.toString(running.pid());
    int code =
        new ProcessBuilder("prlimit", "--pid", pid, "--fsize=" + bytes + ":")
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException("prlimit ended with " + code);
    }
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("server.log"));
  }

  String main(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  String chains(String path) {
    return "http://127.0.0.1:" + chainsPort + path;
  }

  String compute(String path) {
    return "http://127.0.0.1:" + computePort + path;
  }

  HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url)));
  }

  JsonNode json(String url) throws IOException, InterruptedException {
    return Json.read(get(url).body());
  }

  HttpResponse<String> post(String url, String type, String body)
      throws IOException, InterruptedException {
    return send(
        HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body)));
  }

  void save(String chain, String yaml) throws IOException, InterruptedException {
    HttpResponse<String> answer = post(chains("/chains/" + chain), "text/yaml", yaml);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
  }

  /** Starts a chain and gives its id. */
  String execute(String chain, String input) throws IOException, InterruptedException {
    String body = "{\"input\":" + input + "}";
    HttpResponse<String> answer = post(chains("/execute/" + chain), "application/json", body);
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.body());
    }
    return Json.read(answer.body()).path("executionId").asString();
  }

  /** Asks for an execution until its status on the unified surface is this one. */
  JsonNode await(String id, String status) throws IOException, InterruptedException {
    JsonNode seen = Json.object();
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (System.nanoTime() < deadline) {
      seen = json(main("/v1/executions/" + id));
      if (seen.path("status").asString("").equals(status)) {
        return seen;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("not " + status + ": " + seen + "\n" + log());
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
  }

  private boolean isWell() throws InterruptedException {
    try {
      return get(main("/health")).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(20, TimeUnit.SECONDS)) {
        kill();
      }
    }
    client.shutdownNow();
  }
}
