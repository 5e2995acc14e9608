package io.windlass.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.http.Address;
import io.windlass.kernel.WindlassException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigTest {
  @TempDir Path folder;

  @Test
  void hasDefaultsForEverything() {
    Config config = Config.read(Map.of(), folder);
    assertThat(config.main().port()).isEqualTo(7070);
    assertThat(config.main().host()).isEqualTo("127.0.0.1");
    assertThat(config.engine().home()).isEqualTo(folder.resolve(".windlass"));
    assertThat(config.engine().drain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.engine().retention()).isEqualTo(Duration.ofDays(7));
    assertThat(config.maxConcurrent()).isEqualTo(5);
    assertThat(config.http().tokens()).isEmpty();
  }

  @Test
  void putsTheEnvironmentOverTheFile() throws Exception {
    file("port: 7001\nchains_port: 7002\ncors_origin: [https://a.example, https://b.example]\n");
    Config config = Config.read(Map.of("WINDLASS_PORT", "7003"), folder);
    assertThat(config.main().port()).isEqualTo(7003);
    Address chains = Objects.requireNonNull(config.chains());
    assertThat(chains.port()).isEqualTo(7002);
    assertThat(config.cors().origins())
        .containsExactlyInAnyOrder("https://a.example", "https://b.example");
  }

  @Test
  void refusesTheHomeAsTheWorkspace() {
    assertThatThrownBy(
            () -> Config.read(Map.of("WINDLASS_HOME", "here", "WORKSPACE_DIR", "./here"), folder))
        .hasMessageContaining("WORKSPACE_DIR")
        .hasMessageContaining("the server's own folder");
  }

  @Test
  void takesTheDocumentedNames() {
    Config config =
        Config.read(
            Map.of(
                "REST_PORT", "4300",
                "REST_HOST", "127.0.0.2",
                "MAX_CONCURRENT_EXECUTIONS", "9",
                "OCC_API_KEY", "one",
                "CC_API_TOKEN", "two",
                "WORKSPACE_DIR", "work",
                "EXECUTION_MAX_AGE_DAYS", "0",
                "WINDLASS_DRAIN", "500ms"),
            folder);
    Address chains = Objects.requireNonNull(config.chains());
    assertThat(chains.port()).isEqualTo(4300);
    assertThat(chains.host()).isEqualTo("127.0.0.2");
    assertThat(config.main().host()).isEqualTo("127.0.0.1");
    assertThat(config.maxConcurrent()).isEqualTo(9);
    assertThat(config.http().tokens()).containsExactlyInAnyOrder("one", "two");
    assertThat(config.folders().workspace()).isEqualTo(folder.resolve("work"));
    assertThat(config.engine().retention()).isNull();
    assertThat(config.engine().drain()).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void turnsASurfacesOwnPortOff() {
    assertThat(Config.read(Map.of("WINDLASS_CHAINS_PORT", "off"), folder).chains()).isNull();
  }

  @Test
  void stopsWhenTheNamedSettingsOfMcpServersAreNotThere() throws Exception {
    Path named = folder.resolve("servers.json");
    Map<String, String> environment = Map.of("MCP_SERVERS_CONFIG", named.toString());
    assertThatThrownBy(() -> Config.read(environment, folder))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("MCP_SERVERS_CONFIG names " + named);
    assertThatThrownBy(() -> Config.read(Map.of("MCP_SERVERS_CONFIG", folder.toString()), folder))
        .hasMessageContaining("there is no file " + folder.resolve("mcp_settings.json"));

    Files.writeString(named, "{}");
    assertThat(Config.read(environment, folder).folders().mcp()).isEqualTo(named);
    assertThat(Config.read(Map.of(), folder).folders().mcp())
        .isEqualTo(folder.resolve(".windlass/mcp_settings.json"));
  }

  @Test
  void stopsAtASettingThatNobodyKnows() throws Exception {
    assertThatThrownBy(() -> Config.read(Map.of("WINDLASS_PROT", "1"), folder))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("WINDLASS_PROT")
        .hasMessageContaining("did you mean \"WINDLASS_PORT\"?");
    file("chain_port: 4242\n");
    assertThatThrownBy(() -> Config.read(Map.of(), folder))
        .hasMessageContaining("chain_port")
        .hasMessageContaining("did you mean \"chains_port\"?");
  }

  @Test
  void namesTheSettingAndItsValueWhenItIsUnusable() throws Exception {
    for (String port : List.of("x", "-1", "70000", "1.5")) {
      assertThatThrownBy(() -> Config.read(Map.of("WINDLASS_PORT", port), folder))
          .hasMessageContaining("WINDLASS_PORT")
          .hasMessageContaining(port);
    }
    assertThatThrownBy(() -> Config.read(Map.of("WINDLASS_DRAIN", "soon"), folder))
        .hasMessageContaining("WINDLASS_DRAIN");
    file("port: [\n");
    assertThatThrownBy(() -> Config.read(Map.of(), folder)).hasMessageContaining("windlass.yaml");
  }

  @Test
  void tellsWhyTheSettingsFileCannotBeRead_andWhatToDo() {
    assertThatThrownBy(() -> Config.read(Map.of("WINDLASS_CONFIG", "/nope"), folder))
        .hasMessageContaining("/nope")
        .hasMessageContaining("it does not exist")
        .hasMessageContaining("set WINDLASS_CONFIG to a readable file, or unset it");
    assertThatThrownBy(() -> Config.read(Map.of("WINDLASS_CONFIG", folder.toString()), folder))
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("WINDLASS_CONFIG");
  }

  @Test
  void masksSecretsInWhatItTells() {
    Config config =
        Config.read(
            Map.of(
                "WINDLASS_TOKEN", "s3cret",
                "WINDLASS_DATABASE_URL", "postgresql://me:pa55@db/windlass"),
            folder);
    assertThat(String.join("\n", config.given()))
        .contains("WINDLASS_TOKEN = ***", "postgresql://me:***@db/windlass")
        .doesNotContain("s3cret")
        .doesNotContain("pa55");
  }

  private void file(String text) throws Exception {
    Files.writeString(folder.resolve("windlass.yaml"), text);
  }
}
