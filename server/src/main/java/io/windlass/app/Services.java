package io.windlass.app;

import io.windlass.browser.BrowserConfig;
import io.windlass.notify.NotifyConfig;
import io.windlass.notify.NotifyConfig.Api;
import io.windlass.web.SearchConfig;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What lies outside the server: services that it calls and programs that it starts.
 *
 * @param passed variables of the server's that programs get although they look like secrets
 * @param tesseract the program that reads images
 * @param docker the program that starts containers
 */
record Services(
    NotifyConfig messages,
    SearchConfig search,
    BrowserConfig browser,
    Set<String> passed,
    String tesseract,
    String docker) {
  private static final int SUBMISSION = 587;
  private static final int SUBMISSION_TLS = 465;

  static Services read(Settings settings, Path home) {
    return new Services(
        notify(settings),
        search(settings),
        new BrowserConfig(
            text(settings, Setting.BROWSER), text(settings, Setting.NODE), home.resolve("browser")),
        settings.list(Setting.PASS_VARIABLES),
        settings.text(Setting.TESSERACT).orElse("tesseract"),
        settings.text(Setting.DOCKER).orElse("docker"));
  }

  private static NotifyConfig notify(Settings settings) {
    return new NotifyConfig(
        text(settings, Setting.MAIL_FROM),
        smtp(settings),
        api(settings, Setting.SENDGRID_URL, "https://api.sendgrid.com", Setting.SENDGRID_KEY),
        api(settings, Setting.RESEND_URL, "https://api.resend.com", Setting.RESEND_KEY),
        text(settings, Setting.SLACK_WEBHOOK_URL),
        text(settings, Setting.DISCORD_WEBHOOK_URL),
        api(settings, Setting.TELEGRAM_URL, "https://api.telegram.org", Setting.TELEGRAM_TOKEN),
        text(settings, Setting.TELEGRAM_CHAT));
  }

  private static NotifyConfig.@Nullable Smtp smtp(Settings settings) {
    String host = text(settings, Setting.SMTP_HOST);
    if (host == null) {
      return null;
    }
    String named = text(settings, Setting.SMTP_SECURITY);
    int port = settings.number(Setting.SMTP_PORT, named == null ? SUBMISSION : 0, 0, 65_535);
    NotifyConfig.Security security =
        switch (named == null ? "" : named.toLowerCase(Locale.ROOT)) {
          case "" ->
              port == SUBMISSION_TLS ? NotifyConfig.Security.TLS : NotifyConfig.Security.STARTTLS;
          case "starttls" -> NotifyConfig.Security.STARTTLS;
          case "tls" -> NotifyConfig.Security.TLS;
          case "none" -> NotifyConfig.Security.NONE;
          default ->
              throw settings.unusable(
                  Setting.SMTP_SECURITY, String.valueOf(named), "starttls, tls or none");
        };
    int standard =
        switch (security) {
          case STARTTLS -> SUBMISSION;
          case TLS -> SUBMISSION_TLS;
          case NONE -> 25;
        };
    return new NotifyConfig.Smtp(
        host,
        port == 0 ? standard : port,
        text(settings, Setting.SMTP_USER),
        text(settings, Setting.SMTP_PASSWORD),
        security);
  }

  private static SearchConfig search(Settings settings) {
    String provider = text(settings, Setting.WEB_SEARCH);
    String known = provider == null ? null : provider.toLowerCase(Locale.ROOT);
    if (known != null
        && !(known.equals("searxng") || known.equals("tavily") || known.equals("brave"))) {
      throw settings.unusable(
          Setting.WEB_SEARCH, String.valueOf(provider), "searxng, tavily or brave");
    }
    String searxng = text(settings, Setting.SEARXNG_URL);
    return new SearchConfig(
        known,
        searxng == null ? null : base(searxng),
        base(settings.text(Setting.TAVILY_URL).orElse("https://api.tavily.com")),
        text(settings, Setting.TAVILY_KEY),
        base(settings.text(Setting.BRAVE_URL).orElse("https://api.search.brave.com")),
        text(settings, Setting.BRAVE_KEY));
  }

  private static Api api(Settings settings, Setting url, String standard, Setting key) {
    return new Api(base(settings.text(url).orElse(standard)), text(settings, key));
  }

  private static String base(String url) {
    return url.replaceFirst("/+$", "");
  }

  private static @Nullable String text(Settings settings, Setting setting) {
    return settings.text(setting).orElse(null);
  }
}
