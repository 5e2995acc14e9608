package io.windlass.notify;

import io.windlass.step.StepContext;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Date;
import java.util.Properties;

/** Sends mail through an SMTP server. */
final class MailServer {
  private final NotifyConfig.Smtp smtp;

  MailServer(NotifyConfig.Smtp smtp) {
    this.smtp = smtp;
  }

  /** The mail's id once the server has taken it. */
  String send(Mail mail, StepContext context, Duration timeout) throws Exception {
    Session session = Session.getInstance(properties(timeout));
    MimeMessage message = message(mail, session, context);
    try (Transport transport = session.getTransport();
        AutoCloseable _ = context.onCancel(() -> close(transport))) {
      transport.connect(smtp.host(), smtp.port(), smtp.user(), smtp.password());
      transport.sendMessage(message, message.getAllRecipients());
      return message.getMessageID();
    } catch (MessagingException e) {
      throw new IOException(
          "mail server %s:%d did not take the mail: %s"
              .formatted(smtp.host(), smtp.port(), reason(e)),
          e);
    }
  }

  private static MimeMessage message(Mail mail, Session session, StepContext context)
      throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(mail.from());
    message.setRecipients(Message.RecipientType.TO, mail.to().toArray(InternetAddress[]::new));
    message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
    message.setText(mail.content(), StandardCharsets.UTF_8.name(), mail.html() ? "html" : "plain");
    message.setSentDate(Date.from(context.clock().instant()));
    message.saveChanges();
    return message;
  }

  private Properties properties(Duration timeout) {
    String millis = Long.toString(timeout.toMillis());
    Properties properties = new Properties();
    String protocol = smtp.security() == NotifyConfig.Security.TLS ? "smtps" : "smtp";
    properties.setProperty("mail.transport.protocol", protocol);
    String prefix = "mail." + protocol + ".";
    properties.setProperty(prefix + "host", smtp.host());
    properties.setProperty(prefix + "port", Integer.toString(smtp.port()));
    properties.setProperty(prefix + "auth", Boolean.toString(smtp.user() != null));
    properties.setProperty(prefix + "connectiontimeout", millis);
    properties.setProperty(prefix + "timeout", millis);
    properties.setProperty(prefix + "writetimeout", millis);
    properties.setProperty(prefix + "ssl.checkserveridentity", "true");
    if (smtp.security() == NotifyConfig.Security.STARTTLS) {
      properties.setProperty(prefix + "starttls.enable", "true");
      properties.setProperty(prefix + "starttls.required", "true");
    }
    return properties;
  }

  private static void close(Transport transport) {
    try {
      transport.close();
    } catch (MessagingException e) {
      // It is being given up.
    }
  }

  private static String reason(MessagingException e) {
    Exception next = e.getNextException();
    String message = String.valueOf(e.getMessage()).strip();
    return next == null || next.getMessage() == null || message.contains(next.getMessage())
        ? message
        : message + " (" + next.getMessage().strip() + ")";
  }
}
