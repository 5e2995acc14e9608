package io.windlass.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Requests to one surface. It stands on {@link HttpURLConnection} because that loads in a tenth of
 * the time that {@link HttpClient} takes; only PATCH, which the former refuses, goes the long way.
 */
final class Http {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1", "[::1]");
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(60);

  /** For calls that wait for a run to end. */
  private static final Duration PATIENT = Duration.ofMinutes(10);

  /** Longer than two heartbeats: a silent stream is a dead one. */
  private static final Duration SILENCE = Duration.ofSeconds(75);

  private final URI base;
  private final @Nullable String token;
  private final String option;

  /**
   * @param base the address before every path
   * @param token the bearer token to show
   * @param option how the user names another address
   */
  Http(URI base, @Nullable String token, String option) {
    this.base = base;
    this.token = token;
    this.option = option;
  }

  URI base() {
    return base;
  }

  boolean isLocal() {
    return LOOPBACK.contains(String.valueOf(base.getHost()));
  }

  /** A path of these segments, each escaped. */
  static String path(String... segments) {
    StringBuilder path = new StringBuilder();
    for (String segment : segments) {
      path.append('/').append(escape(segment));
    }
    return path.toString();
  }

  static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) {
    return json(path, exchange("GET", path, null, null, Map.of(), READ));
  }

  /** Takes the body of that status as an answer too. */
  JsonNode getEven(int status, String path) {
    try {
      HttpURLConnection connection = open("GET", path, Map.of(), READ);
      int given = connection.getResponseCode();
      return json(path, checked(given == status ? 200 : given, body(connection), path));
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  String text(String path) {
    return exchange("GET", path, null, null, Map.of("Accept", "text/yaml, */*"), READ);
  }

  JsonNode post(String path, JsonNode body) {
    return send("POST", path, body, Map.of());
  }

  JsonNode send(String method, String path, @Nullable JsonNode body, Map<String, String> headers) {
    String text = body == null ? null : Documents.write(body);
    return json(path, exchange(method, path, text, "application/json", headers, READ));
  }

  JsonNode postYaml(String path, String yaml) {
    return json(path, exchange("POST", path, yaml, "text/yaml", Map.of(), READ));
  }

  /** JSON there and back as text; the answer, which may take its time, can be empty. */
  String postPatiently(String path, String json) {
    return exchange("POST", path, json, "application/json", Map.of(), PATIENT);
  }

  /** An endless answer; the caller closes it. */
  InputStream stream(String path, @Nullable String lastEventId) {
    Map<String, String> headers =
        lastEventId == null
            ? Map.of("Accept", "text/event-stream")
            : Map.of("Accept", "text/event-stream", "Last-Event-ID", lastEventId);
    try {
      HttpURLConnection connection = open("GET", path, headers, SILENCE);
      int status = connection.getResponseCode();
      if (status == 204) {
        // Nothing follows what was seen.
        return InputStream.nullInputStream();
      }
      if (status != 200) {
        try (InputStream body = connection.getErrorStream()) {
          throw Refusal.of(status, body == null ? "" : bounded(body), base + path);
        }
      }
      return connection.getInputStream();
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /** Whether anything accepts connections there. */
  boolean isListening() {
    int port = base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
    try (Socket socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(new InetSocketAddress(base.getHost(), port), (int) CONNECT.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String exchange(
      String method,
      String path,
      @Nullable String body,
      @Nullable String contentType,
      Map<String, String> headers,
      Duration patience) {
    try {
      if (method.equals("PATCH")) {
        return patch(path, body == null ? "" : body, headers);
      }
      HttpURLConnection connection = open(method, path, headers, patience);
      if (body != null) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(bytes.length);
        connection.setRequestProperty("Content-Type", contentType);
        try (var out = connection.getOutputStream()) {
          out.write(bytes);
        }
      }
      return checked(connection.getResponseCode(), body(connection), path);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private String patch(String path, String body, Map<String, String> headers) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(READ)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      HttpResponse<InputStream> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream stream = answer.body()) {
        return checked(answer.statusCode(), bounded(stream), path);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private String checked(int status, String answer, String path) {
    if (status < 200 || status >= 300) {
      throw Refusal.of(status, answer, base + path);
    }
    return answer;
  }

  private HttpURLConnection open(
      String method, String path, Map<String, String> headers, Duration patience)
      throws IOException {
    var url = URI.create(base + path).toURL();
    HttpURLConnection connection =
        (HttpURLConnection) (isLocal() ? url.openConnection(Proxy.NO_PROXY) : url.openConnection());
    connection.setRequestMethod(method);
    connection.setConnectTimeout((int) CONNECT.toMillis());
    connection.setReadTimeout((int) patience.toMillis());
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestProperty("Accept", "application/json");
    if (token != null) {
      connection.setRequestProperty("Authorization", "Bearer " + token);
    }
    headers.forEach(connection::setRequestProperty);
    return connection;
  }

  private String body(HttpURLConnection connection) throws IOException {
    boolean refused = connection.getResponseCode() >= 400;
    try (InputStream stream = refused ? connection.getErrorStream() : connection.getInputStream()) {
      return stream == null ? "" : bounded(stream);
    }
  }

  private String bounded(InputStream stream) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 << 10];
    for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
      bytes.write(buffer, 0, n);
      if (bytes.size() > Documents.MAX_BYTES) {
        throw CliException.failed(
            "The answer of %s is larger than %d MB; ask for less (--limit), or fetch it with curl"
                .formatted(base, Documents.MAX_BYTES >> 20));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private JsonNode json(String path, String answer) {
    if (answer.isBlank()) {
      return Documents.object();
    }
    try {
      return Documents.read(answer);
    } catch (JacksonException e) {
      throw CliException.unreachable(
          "What answers at %s%s is no Windlass server, or its answer was cut off (no JSON: %s); check %s"
              .formatted(base, path, Wording.line(answer, 80), option),
          e);
    }
  }

  CliException unreachable(IOException e) {
    String what =
        switch (e) {
          case ConnectException _ -> "No server listens at " + base;
          case UnknownHostException _ -> "Unknown host in " + base;
          case SocketTimeoutException _ -> base + " did not answer in time";
          default ->
              base + " broke off (" + Wording.line(String.valueOf(e.getMessage()), 120) + ")";
        };
    return CliException.unreachable(
        what + "; start one with `windlass serve`, or name another with " + option, e);
  }
}
