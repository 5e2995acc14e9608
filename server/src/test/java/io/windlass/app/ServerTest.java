package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server, wired as it is in production, on free ports. */
final class ServerTest {
  private static final String CHAIN =
      """
      name: %s
      steps:
        - id: only
          type: transform
          operation: template
          prompt: x
          template_str: hello
          output_var: text
      output: text
      """;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  @TempDir Path folder;

  @Test
  void answersOnAllItsPorts() throws Exception {
    try (Server server = open(Map.of())) {
      assertThat(get(server.mainUrl() + "/health").statusCode()).isEqualTo(200);
      assertThat(get(server.mainUrl() + "/apis/chains/health").body()).contains("\"ok\":true");
      assertThat(get(server.chainsUrl() + "/health").body()).contains("\"ok\":true");
      assertThat(get(server.mainUrl() + "/apis/chains/nowhere").body()).startsWith("{\"error\":");
    }
  }

  @Test
  void takesFoldersInAndKeepsWhatWasSavedSince() throws Exception {
    Path chains = Files.createDirectory(folder.resolve("chains"));
    Files.writeString(chains.resolve("mine.yaml"), CHAIN.formatted("first"));
    Files.writeString(chains.resolve("broken.yml"), "name: [");
    Map<String, String> more = Map.of("CHAINS_DIR", chains.toString());
    try (Server server = open(more)) {
      assertThat(get(server.chainsUrl() + "/chains").body())
          .contains("\"name\":\"mine\"")
          .contains("\"name\":\"broken\",\"error\":");
      save(server, CHAIN.formatted("second"));
    }
    try (Server server = open(more)) {
      assertThat(get(server.chainsUrl() + "/chains/mine").body()).contains("second");
    }
    Files.writeString(chains.resolve("mine.yaml"), CHAIN.formatted("third"));
    try (Server server = open(more)) {
      assertThat(get(server.chainsUrl() + "/chains/mine").body()).contains("third");
    }
  }

  @Test
  void listsFilesThatCannotBeReadAsBroken_untilTheyAreMendedOrGone() throws Exception {
    Path chains = Files.createDirectory(folder.resolve("chains"));
    Map<String, String> more = Map.of("CHAINS_DIR", chains.toString());
    Path mine = Files.writeString(chains.resolve("mine.yaml"), CHAIN.formatted("first"));
    open(more).close();
    byte[] latin = CHAIN.formatted("caf\u00e9").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(mine, latin);
    Path other = Files.write(chains.resolve("other.yaml"), latin);
    Path link = Files.createSymbolicLink(chains.resolve("link.yaml"), Path.of("nowhere"));
    Files.createSymbolicLink(chains.resolve(".#mine.yaml"), Path.of("somebody@somewhere"));
    Files.createDirectory(chains.resolve("folder.yaml"));
    try (Server server = open(more)) {
      String listed = get(server.chainsUrl() + "/chains").body();
      assertThat(listed)
          .contains("\"name\":\"mine\",\"error\":\"The file mine.yaml is not UTF-8")
          .contains("\"name\":\"other\",\"error\":\"The file other.yaml is not UTF-8")
          .contains("\"name\":\"link\",\"error\":\"The file link.yaml cannot be read: it is a link")
          .contains("\"name\":\"folder\",\"error\":\"The file folder.yaml cannot be read: ")
          .doesNotContain("#mine");
    }
    Files.delete(mine);
    Files.delete(link);
    Files.writeString(other, CHAIN.formatted("mended"));
    try (Server server = open(more)) {
      assertThat(get(server.chainsUrl() + "/chains").body())
          .contains("\"name\":\"folder\",\"error\":")
          .doesNotContain("link");
      assertThat(get(server.chainsUrl() + "/chains/other").body()).contains("mended");
      assertThat(get(server.chainsUrl() + "/chains/mine").body()).contains("first");
    }
    Files.writeString(mine, "name: [");
    open(more).close();
    Files.writeString(mine, CHAIN.formatted("first"));
    try (Server server = open(more)) {
      assertThat(get(server.chainsUrl() + "/chains/mine").body()).contains("first");
    }
  }

  @Test
  void refusesASecondServerOnTheSameHome() throws Exception {
    try (Server server = open(Map.of())) {
      assertThatThrownBy(() -> open(Map.of()))
          .hasMessageContaining("WINDLASS_HOME")
          .hasMessageContaining(folder.resolve("home").toString());
      assertThat(get(server.mainUrl() + "/health").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesTheHomeThatCannotBeUsed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> open(Map.of("WINDLASS_HOME", file.toString())))
        .hasMessageContaining("The home " + file)
        .hasMessageContaining("is a file")
        .hasMessageContaining("set WINDLASS_HOME to another one");
    for (String home : List.of("/proc", "/proc/windlass")) {
      assertThatThrownBy(() -> open(Map.of("WINDLASS_HOME", home)))
          .hasMessageContaining("The home " + home + " cannot be used")
          .hasMessageContaining("WINDLASS_HOME");
    }
  }

  @Test
  void letsGoOfTheHomeWhenAPortIsTaken() throws Exception {
    try (Server server = open(Map.of("WINDLASS_HOME", folder.resolve("other").toString()))) {
      String port = Integer.toString(URI.create(server.mainUrl()).getPort());
      assertThatThrownBy(() -> open(Map.of("WINDLASS_PORT", port)))
          .hasMessageContaining("WINDLASS_PORT")
          .hasMessageContaining(port);
      open(Map.of()).close();
    }
  }

  private Server open(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("WINDLASS_HOME", folder.resolve("home").toString());
    environment.put("WINDLASS_PORT", "0");
    environment.put("WINDLASS_CHAINS_PORT", "0");
    environment.put("WINDLASS_COMPUTE_PORT", "off");
    environment.putAll(more);
    return Server.open(Config.read(environment, folder), environment);
  }

  private static HttpResponse<String> get(String url) throws Exception {
    return CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private static void save(Server server, String yaml) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.chainsUrl() + "/chains/mine"))
            .header("Content-Type", "text/yaml")
            .POST(BodyPublishers.ofString(yaml))
            .build();
    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }
}
