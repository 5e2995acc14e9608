package io.windlass.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.notify.NotifyConfig.Api;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import io.windlass.web.Hosts;
import io.windlass.web.StubServer;
import io.windlass.web.WebClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotifyTest {
  private final WebClient web = new WebClient(Hosts.system(), false);
  private final FakeStepContext context = FakeStepContext.with("finding", "a \"leak\"");
  private StubServer stub;
  private String url;

  @BeforeEach
  void start() throws Exception {
    stub = new StubServer().on("/hook/s3cret", 200, "ok").on("/bot99:t/sendMessage", 200, "{}");
    url = "http://127.0.0.1:" + stub.port();
  }

  @AfterEach
  void stop() throws Exception {
    stub.close();
    web.close();
  }

  @Test
  void writesEachServicesMessage() throws Exception {
    assertThat(notify("slack", "")).isEqualTo("Notification sent to slack");
    assertThat(lastBody()).isEqualTo("{\"text\":\"found a \\\"leak\\\"\"}");
    notify("discord", "");
    assertThat(Json.read(lastBody()).path("content").asString()).isEqualTo("found a \"leak\"");
    notify("telegram", "");
    assertThat(stub.seen.getLast().path()).isEqualTo("/bot99:t/sendMessage");
    assertThat(Json.read(lastBody()).path("chat_id").asString()).isEqualTo("-100");
    notify("webhook", ", \"webhook_url\": \"" + url + "/hook/s3cret\"");
    assertThat(Json.read(lastBody()).path("message").asString()).isEqualTo("found a \"leak\"");
    assertThat(Json.read(lastBody()).path("executionId").asString()).isNotEmpty();
  }

  @Test
  void cutsWhatDiscordWouldRefuse() throws Exception {
    tool(true)
        .run(
            Calls.of(
                context, "{\"channel\":\"discord\",\"message\":\"" + "x".repeat(3_000) + "\"}"));
    assertThat(Json.read(lastBody()).path("content").asString()).hasSize(2_000).endsWith("x…");
    assertThat(context.logs()).anyMatch(line -> line.contains("Discord takes 2000"));
  }

  @Test
  void hidesTheKeyInAnAddress() {
    stub.on("/hook/s3cret", 404, "no channel at hook/s3cret");
    assertThatThrownBy(() -> notify("slack", ""))
        .hasMessageContaining("Slack answered 404")
        .hasMessageNotContaining("s3cret");
    stub.on("/hook/s3cret", 503, "");
    assertThatThrownBy(() -> notify("slack", "")).isInstanceOf(IOException.class);
  }

  @Test
  void letsNoStepOutputChooseAnInnerHost() {
    FakeStepContext chosen = FakeStepContext.with("address", url + "/hook/s3cret");
    assertThatThrownBy(() ->
            tool(true)
                .run(
                    Calls.of(
                        chosen,
                        "{\"channel\":\"slack\",\"message\":\"m\",\"webhook_url\":\"{address}\"}")))
        .hasMessageContaining("not a public address");
    assertThat(stub.seen).isEmpty();
  }

  @Test
  void namesWhatIsMissing() {
    for (String channel : new String[] {"slack", "discord"}) {
      assertThatThrownBy(() ->
              tool(false)
                  .run(Calls.of(context, "{\"channel\":\"" + channel + "\",\"message\":\"m\"}")))
          .hasMessageContaining("webhook_url")
          .hasMessageContaining(channel.toUpperCase(java.util.Locale.ROOT) + "_WEBHOOK_URL");
    }
    assertThatThrownBy(() ->
            tool(false).run(Calls.of(context, "{\"channel\":\"telegram\",\"message\":\"m\"}")))
        .hasMessageContaining("TELEGRAM_BOT_TOKEN");
    assertThatThrownBy(() -> notify("fax", "")).hasMessageContaining("\"fax\"");
  }

  private String notify(String channel, String more) throws Exception {
    return tool(true)
        .run(
            Calls.of(
                context,
                "{\"channel\":\"" + channel + "\",\"message\":\"found {finding}\"" + more + "}"));
  }

  private String lastBody() {
    return stub.seen.getLast().body();
  }

  private Notify tool(boolean configured) {
    Api none = new Api(url, null);
    String hook = configured ? url + "/hook/s3cret" : null;
    return new Notify(
        new NotifyConfig(
            null,
            null,
            none,
            none,
            hook,
            hook,
            new Api(url, configured ? "99:t" : null),
            configured ? "-100" : null),
        web);
  }
}
