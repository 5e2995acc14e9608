package io.windlass.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.notify.NotifyConfig.Api;
import io.windlass.notify.NotifyConfig.Security;
import io.windlass.notify.NotifyConfig.Smtp;
import io.windlass.step.FakeStepContext;
import io.windlass.step.OnRecovery;
import io.windlass.tool.Calls;
import io.windlass.tool.PreTools;
import io.windlass.web.Hosts;
import io.windlass.web.StubServer;
import io.windlass.web.WebClient;
import jakarta.mail.internet.MimeMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmailTest {
  private static final String CALL =
      """
      {"to": "Bob <bob@example.org>, carol@example.org", "subject": "Report on {topic}\\nBcc: x@y.z",
       "content": "Grüße: {topic}", "inject_as": "sent"%s}
      """;

  private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
  private final WebClient web = new WebClient(Hosts.system(), false);
  private final FakeStepContext context = FakeStepContext.with("topic", "tides");
  private StubServer stub;

  @BeforeEach
  void start() throws Exception {
    stub = new StubServer();
    mail.start();
  }

  @AfterEach
  void stop() throws Exception {
    mail.stop();
    stub.close();
    web.close();
  }

  @Test
  void sendsThroughAMailServer() throws Exception {
    String sent = email(null, null).run(Calls.of(context, CALL.formatted("")));

    assertThat(sent).startsWith("Email sent to bob@example.org, carol@example.org through smtp (");
    MimeMessage[] received = mail.getReceivedMessages();
    assertThat(received).hasSize(2);
    assertThat(received[0].getSubject()).isEqualTo("Report on tides Bcc: x@y.z");
    assertThat(received[0].getContent()).isEqualTo("Grüße: tides");
    assertThat(received[0].getContentType()).startsWith("text/plain");
    assertThat(GreenMailUtil.getAddressList(received[0].getFrom()))
        .isEqualTo("Robot <robot@example.org>");
  }

  @Test
  void logsInWhereTheServerWantsIt() throws Exception {
    mail.setUser("robot", "pass word");
    Email email =
        smtp(new Smtp("127.0.0.1", mail.getSmtp().getPort(), "robot", "pass word", Security.NONE));
    assertThat(email.run(Calls.of(context, CALL.formatted("")))).startsWith("Email sent");

    Email wrong =
        smtp(new Smtp("127.0.0.1", mail.getSmtp().getPort(), "robot", "guess", Security.NONE));
    assertThatThrownBy(() -> wrong.run(Calls.of(context, CALL.formatted(""))))
        .hasMessageContaining("did not take the mail")
        .hasMessageNotContaining("guess");
  }

  @Test
  void refusesToSendInTheClear_whenTheServerHasNoTls() {
    Email email =
        smtp(new Smtp("127.0.0.1", mail.getSmtp().getPort(), null, null, Security.STARTTLS));
    assertThatThrownBy(() -> email.run(Calls.of(context, CALL.formatted(""))))
        .hasMessageContaining("STARTTLS");
    assertThat(mail.getReceivedMessages()).isEmpty();
  }

  @Test
  void speaksToSendGrid() throws Exception {
    stub.on("/v3/mail/send", 202, "");
    String sent =
        email("sg-key", null)
            .run(Calls.of(context, CALL.formatted(", \"provider\": \"sendgrid\"")));

    assertThat(sent).isEqualTo("Email sent to bob@example.org, carol@example.org through sendgrid");
    assertThat(stub.seen.getFirst().header("Authorization")).isEqualTo("Bearer sg-key");
    assertThat(Json.read(stub.seen.getFirst().body()))
        .isEqualTo(
            Json.read(
                """
                {"personalizations": [{"to": [{"email": "bob@example.org", "name": "Bob"},
                  {"email": "carol@example.org"}]}],
                 "from": {"email": "robot@example.org", "name": "Robot"},
                 "subject": "Report on tides Bcc: x@y.z",
                 "content": [{"type": "text/plain", "value": "Grüße: tides"}]}
                """));
  }

  @Test
  void speaksToResend_underTheSameKeyEachTime() throws Exception {
    stub.on("/emails", 200, "{\"id\":\"re_1\"}");
    String fields = CALL.formatted(", \"provider\": \"resend\"").replace("Grüße", "<p>Grüße");
    assertThat(email(null, "re-key").run(Calls.of(context, fields)))
        .endsWith("through resend (re_1)");
    email(null, "re-key").run(Calls.of(context, fields));

    assertThat(Json.read(stub.seen.getFirst().body()))
        .isEqualTo(
            Json.read(
                """
                {"from": "Robot <robot@example.org>", "to": ["bob@example.org", "carol@example.org"],
                 "subject": "Report on tides Bcc: x@y.z", "html": "<p>Grüße: tides"}
                """));
    assertThat(stub.seen.get(0).header("Idempotency-Key"))
        .isNotEmpty()
        .isEqualTo(stub.seen.get(1).header("Idempotency-Key"));
  }

  @Test
  void tellsWhatAServiceSays_withoutTheKey() {
    stub.on("/v3/mail/send", 401, "{\"errors\":[{\"message\":\"bad key sg-key\"}]}");
    assertThatThrownBy(() ->
            email("sg-key", null)
                .run(Calls.of(context, CALL.formatted(", \"provider\": \"sendgrid\""))))
        .hasMessageContaining("SendGrid answered 401")
        .hasMessageContaining("bad key ***");
  }

  @Test
  void namesTheSettingThatIsMissing() {
    Email bare = new Email(config(null, null, null, null), web);
    assertMissing(bare, "", "WINDLASS_MAIL_FROM");
    assertMissing(bare, ", \"from\": \"a@b.c\"", "SMTP_HOST");
    assertMissing(bare, ", \"from\": \"a@b.c\", \"provider\": \"sendgrid\"", "SENDGRID_API_KEY");
    assertMissing(bare, ", \"from\": \"a@b.c\", \"provider\": \"resend\"", "RESEND_API_KEY");
    assertThatThrownBy(() ->
            email(null, null).run(Calls.of(context, CALL.formatted(", \"provider\": \"pigeon\""))))
        .hasMessageContaining("\"pigeon\"");
    assertThatThrownBy(() ->
            email(null, null).run(Calls.of(context, "{\"to\": \"nobody\", \"subject\": \"s\"}")))
        .hasMessageContaining("\"nobody\"");
  }

  @Test
  void leavesAnInterruptedMailToAPerson() throws Exception {
    new PreTools(List.of(email(null, null)))
        .run(
            context,
            List.of(
                (tools.jackson.databind.node.ObjectNode)
                    Json.read(CALL.formatted(", \"type\": \"email\""))),
            context.state());
    assertThat(context.effects().getFirst().onRecovery()).isInstanceOf(OnRecovery.Ask.class);
  }

  private void assertMissing(Email email, String fields, String setting) {
    assertThatThrownBy(() -> email.run(Calls.of(context, CALL.formatted(fields))))
        .hasMessageContaining(setting)
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED));
  }

  private Email email(@Nullable String sendgrid, @Nullable String resend) {
    Smtp smtp = new Smtp("127.0.0.1", mail.getSmtp().getPort(), null, null, Security.NONE);
    return new Email(config("Robot <robot@example.org>", smtp, sendgrid, resend), web);
  }

  private Email smtp(Smtp smtp) {
    return new Email(config("robot@example.org", smtp, null, null), web);
  }

  private NotifyConfig config(
      @Nullable String from,
      @Nullable Smtp smtp,
      @Nullable String sendgrid,
      @Nullable String resend) {
    String url = "http://127.0.0.1:" + stub.port();
    return new NotifyConfig(
        from,
        smtp,
        new Api(url, sendgrid),
        new Api(url, resend),
        null,
        null,
        new Api(url, null),
        null);
  }
}
