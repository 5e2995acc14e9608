package io.windlass.notify;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Http;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pre-tool {@code email}: a mail through SMTP, SendGrid or Resend; gives a line that says so.
 */
public final class Email implements PreTool {
  private final NotifyConfig config;
  private final WebApi api;

  public Email(NotifyConfig config, Http http) {
    this.config = config;
    this.api = new WebApi(http);
  }

  @Override
  public String name() {
    return "email";
  }

  @Override
  public List<String> required() {
    return List.of("to", "subject");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public boolean asksAfterCrash() {
    return true;
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String provider = provider(call.text("provider").trim().toLowerCase(Locale.ROOT));
    String from = call.text("from", config.from() == null ? "" : config.from()).trim();
    if (from.isEmpty()) {
      throw missing("the sender: set WINDLASS_MAIL_FROM, or give the call a \"from\"");
    }
    Mail mail = Mail.of(from, call.text("to"), call.text("subject"), call.text("content"));
    String id =
        switch (provider) {
          case "smtp" -> smtp(mail, call);
          case "sendgrid" -> sendgrid(mail, call);
          default -> resend(mail, call);
        };
    return "Email sent to %s through %s%s"
        .formatted(
            String.join(", ", mail.to().stream().map(InternetAddress::getAddress).toList()),
            provider,
            id.isEmpty() ? "" : " (" + id + ")");
  }

  /** The one that is named, or else the only sensible one that is configured. */
  private String provider(String named) {
    return switch (named) {
      case "smtp", "sendgrid", "resend" -> named;
      case "" -> {
        if (config.smtp() != null) {
          yield "smtp";
        }
        if (config.sendgrid().key() != null) {
          yield "sendgrid";
        }
        yield config.resend().key() == null ? "smtp" : "resend";
      }
      default ->
          throw WindlassException.invalid(
              "email: provider must be smtp, sendgrid or resend, not \"" + named + "\"");
    };
  }

  private String smtp(Mail mail, PreToolCall call) throws Exception {
    NotifyConfig.Smtp smtp = config.smtp();
    if (smtp == null) {
      throw missing(
          "a mail server: set SMTP_HOST (and SMTP_PORT, SMTP_USER, SMTP_PASS as it wants them)");
    }
    return new MailServer(smtp).send(mail, call.context(), call.timeout());
  }

  private String sendgrid(Mail mail, PreToolCall call) throws IOException, InterruptedException {
    String key = key(config.sendgrid().key(), "SENDGRID_API_KEY");
    ObjectNode body = Json.object();
    ArrayNode to = body.putArray("personalizations").addObject().putArray("to");
    mail.to().forEach(address -> person(to.addObject(), address));
    person(body.putObject("from"), mail.from());
    body.put("subject", mail.subject());
    body.putArray("content")
        .addObject()
        .put("type", mail.html() ? "text/html" : "text/plain")
        .put("value", mail.content().isEmpty() ? " " : mail.content());
    api.post(
        "SendGrid",
        config.sendgrid().url() + "/v3/mail/send",
        Map.of("Authorization", "Bearer " + key),
        body,
        true,
        key,
        call.timeout());
    return "";
  }

  private static void person(ObjectNode node, InternetAddress address) {
    node.put("email", address.getAddress());
    if (address.getPersonal() != null) {
      node.put("name", address.getPersonal());
    }
  }

  private String resend(Mail mail, PreToolCall call) throws IOException, InterruptedException {
    String key = key(config.resend().key(), "RESEND_API_KEY");
    ObjectNode body = Json.object();
    body.put("from", mail.from().toUnicodeString());
    ArrayNode to = body.putArray("to");
    mail.to().forEach(address -> to.add(address.getAddress()));
    body.put("subject", mail.subject());
    body.put(mail.html() ? "html" : "text", mail.content());
    String same =
        UUID.nameUUIDFromBytes(Json.write(body).getBytes(StandardCharsets.UTF_8)).toString();
    String answer =
        api.post(
            "Resend",
            config.resend().url() + "/emails",
            Map.of(
                "Authorization",
                "Bearer " + key,
                "Idempotency-Key",
                call.context().idempotencyKey("email:" + same)),
            body,
            true,
            key,
            call.timeout());
    try {
      return Json.show(Json.MAPPER.readTree(answer).get("id"));
    } catch (JacksonException e) {
      return "";
    }
  }

  private static String key(@Nullable String key, String setting) {
    if (key == null) {
      throw missing("a key: set " + setting);
    }
    return key;
  }

  private static WindlassException missing(String what) {
    return new WindlassException(ErrorCode.NOT_CONFIGURED, "email lacks " + what);
  }
}
