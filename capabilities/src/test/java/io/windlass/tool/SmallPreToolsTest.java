package io.windlass.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class SmallPreToolsTest {
  private static final State STATE =
      State.EMPTY.with(
          Map.of(
              "name", Json.text("Ada"),
              "answer", Json.text("Sure:\n```json\n{\"a\":{\"b\":[1,{\"c\":\"deep\"}]}}\n```")));
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "HOME",
          "/home/ada",
          "OPENAI_API_KEY",
          "sk-hidden",
          "APP_NAME",
          "windlass",
          "BROKER_URL",
          "amqp://u:p@host");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|2026-03-29T14:00:00.000Z",
        "{\"format\":\"iso\",\"timezone\":\"Asia/Tokyo\"}|2026-03-29T14:00:00.000Z",
        "{\"format\":\"unix\"}|1774792800",
        "{\"format\":\"locale\"}|Sunday, March 29, 2026 at 2:00:00 PM",
        "{\"format\":\"locale\",\"timezone\":\"Asia/Tokyo\"}|Sunday, March 29, 2026 at 11:00:00 PM",
      })
  void tellsTheTime(String fields, String expected) throws Exception {
    assertThat(run(new CurrentDatetime(), fields)).isEqualTo(expected);
  }

  @Test
  void namesATimezoneThatItDoesNotKnow() {
    assertThatThrownBy(() ->
            run(new CurrentDatetime(), "{\"format\":\"locale\",\"timezone\":\"Mars/Olympus\"}"))
        .hasMessageContaining("Mars/Olympus");
    assertThatThrownBy(() -> run(new CurrentDatetime(), "{\"format\":\"rfc\"}"))
        .hasMessageContaining("\"rfc\"");
  }

  @Test
  void readsTheEnvironment() throws Exception {
    assertThat(env("{\"var_name\":\"HOME\"}")).isEqualTo("/home/ada");
    assertThat(env("{\"var_name\":\"APP_NAME\",\"default_value\":\"x\"}")).isEqualTo("windlass");
    assertThat(env("{\"var_name\":\"ABSENT\",\"default_value\":\"for {name}\"}"))
        .isEqualTo("for Ada");
    assertThatThrownBy(() -> env("{\"var_name\":\"ABSENT\"}")).hasMessageContaining("ABSENT");
    assertThat(env("{\"var_name\":\"POST_AUTHOR\",\"default_value\":\"me\"}")).isEqualTo("me");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "OPENAI_API_KEY",
        "openai_api_key",
        "DB_PASSWORD",
        "GITHUB_TOKEN",
        "AWS_REGION",
        "DATABASE_URL",
        "WINDLASS_DATABASE_URL",
        "SMTP_PASS",
        "SENTRY_DSN",
        "SLACK_WEBHOOK",
        "MY_CREDENTIALS",
        "PGPASSWORD"
      })
  void refusesNamesThatLookLikeSecrets(String variable) throws Exception {
    assertThatThrownBy(() -> env("{\"var_name\":\"" + variable + "\"}"))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining(variable)
        .hasMessageNotContaining("sk-hidden");
    assertThat(env("{\"var_name\":\"" + variable + "\",\"default_value\":\"d\"}")).isEqualTo("d");
  }

  @Test
  void refusesAUrlWithAPassword() {
    assertThatThrownBy(() -> env("{\"var_name\":\"BROKER_URL\"}"))
        .hasMessage("env_var refuses BROKER_URL: its value holds a password");
  }

  @Test
  void leavesWhatOnlySoundsSecretInAnEnvironment() {
    Map<String, String> environment = new HashMap<>();
    for (String name :
        List.of(
            "HOME",
            "PATH",
            "LANG",
            "GIT_AUTHOR_NAME",
            "GIT_ASKPASS",
            "GIT_CONFIG_KEY_0",
            "SSH_AUTH_SOCK",
            "SSL_CERT_FILE",
            "NODE_EXTRA_CA_CERTS",
            "DOCKER_HOST",
            "AWS_REGION",
            "WINDLASS_URL")) {
      environment.put(name, "kept");
    }
    environment.put("HTTPS_PROXY", "http://u:p@proxy:3128");
    environment.put("PASSED_KEY", "kept");
    Map<String, String> whole = new HashMap<>(environment);
    for (String name :
        List.of(
            "WINDLASS_TOKEN",
            "CC_API_TOKEN",
            "OCC_API_KEY",
            "OPENAI_API_KEY",
            "WINDLASS_DATABASE_URL",
            "SMTP_PASS",
            "SLACK_WEBHOOK_URL",
            "AWS_SECRET_ACCESS_KEY",
            "GITHUB_TOKEN")) {
      whole.put(name, "hidden");
    }
    whole.put("BROKER_URL", "amqp://u:p@host");
    assertThat(SecretVariables.without(whole, Set.of("PASSED_KEY"))).isEqualTo(environment);
  }

  @Test
  void parsesJsonOutOfCodeFences() throws Exception {
    assertThat(run(new JsonParse(), "{\"input\":\"{answer}\",\"json_path\":\"$.a.b[1].c\"}"))
        .isEqualTo("deep");
    assertThat(run(new JsonParse(), "{\"input\":\"[1]\"}")).isEqualTo("[\n  1\n]");
    assertThat(run(new JsonParse(), "{\"input\":\"```\\n\\\"text\\\"\\n```\"}")).isEqualTo("text");
    assertThat(run(new JsonParse(), "{\"input\":\"{}\",\"json_path\":\"a.b\"}")).isEmpty();
    assertThatThrownBy(() -> run(new JsonParse(), "{\"input\":\"no json here\"}"))
        .hasMessage("json_parse: input is not valid JSON: no json here");
  }

  @Test
  void rendersATemplateOverVariablesAndData() throws Exception {
    assertThat(
            run(
                new TemplateRender(),
                """
                {"template":"{{name}} {name}: {{#each list}}{{this}};{{/each}} {{who}}",
                 "data":{"list":["a","b"],"who":"for {name}"}}\
                """))
        .isEqualTo("Ada Ada: a;b; for Ada");
  }

  private static String env(String fields) throws Exception {
    return run(new EnvVar(ENVIRONMENT), fields);
  }

  private static String run(PreTool tool, String fields) throws Exception {
    return tool.run(
        new PreToolCall(
            (ObjectNode) Json.read(fields),
            STATE,
            new FakeStepContext(STATE),
            Duration.ofSeconds(30)));
  }
}
