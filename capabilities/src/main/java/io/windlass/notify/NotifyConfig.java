package io.windlass.notify;

import org.jspecify.annotations.Nullable;

/**
 * Through whom messages go; what is null is not configured.
 *
 * @param from the sender of mail, {@code Name <address>} or an address
 * @param smtp the mail server
 * @param sendgrid SendGrid's API
 * @param resend Resend's API
 * @param slack where Slack messages go unless the call says
 * @param discord where Discord messages go unless the call says
 * @param telegram Telegram's API, the bot's token as its key
 * @param telegramChat the chat that Telegram messages go to unless the call says
 */
public record NotifyConfig(
    @Nullable String from,
    @Nullable Smtp smtp,
    Api sendgrid,
    Api resend,
    @Nullable String slack,
    @Nullable String discord,
    Api telegram,
    @Nullable String telegramChat) {

  /**
   * A mail server.
   *
   * @param user null for a server that wants no login
   */
  public record Smtp(
      String host, int port, @Nullable String user, @Nullable String password, Security security) {
    @Override
    public String toString() {
      return "Smtp[" + host + ":" + port + "]";
    }
  }

  /** How the connection to a mail server is kept from others. */
  public enum Security {
    /** Begins in the clear and must turn to TLS. */
    STARTTLS,
    /** TLS from the first byte. */
    TLS,
    /** In the clear, as on loopback. */
    NONE
  }

  /**
   * A web API.
   *
   * @param url its base, without a last slash
   * @param key null when it is not configured
   */
  public record Api(String url, @Nullable String key) {
    @Override
    public String toString() {
      return "Api[" + url + "]";
    }
  }

  @Override
  public String toString() {
    return "NotifyConfig[]";
  }
}
