package io.windlass.notify;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.tool.HostChoice;
import io.windlass.tool.Http;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * The pre-tool {@code notify}: a message to Slack, Discord, Telegram or any address that takes
 * JSON; gives a line that says so.
 */
public final class Notify implements PreTool {
  /** Longer messages are refused by the service. */
  private static final int DISCORD_LIMIT = 2_000;

  private static final int TELEGRAM_LIMIT = 4_096;
  private static final int SLACK_LIMIT = 40_000;

  private final NotifyConfig config;
  private final WebApi api;

  public Notify(NotifyConfig config, Http http) {
    this.config = config;
    this.api = new WebApi(http);
  }

  @Override
  public String name() {
    return "notify";
  }

  @Override
  public List<String> required() {
    return List.of("message");
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
  public String run(PreToolCall call) throws IOException, InterruptedException {
    String message = call.text("message");
    if (message.isBlank()) {
      throw WindlassException.invalid("notify: the message is empty");
    }
    String given = call.text("channel").trim().toLowerCase(Locale.ROOT);
    String channel = given.isEmpty() ? "webhook" : given;
    switch (channel) {
      case "slack" -> {
        ObjectNode body = Json.object().put("text", cut(call, message, "Slack", SLACK_LIMIT));
        post(call, "Slack", config.slack(), "SLACK_WEBHOOK_URL", body);
      }
      case "discord" -> {
        ObjectNode body = Json.object();
        body.put("content", cut(call, message, "Discord", DISCORD_LIMIT));
        body.putObject("allowed_mentions").putArray("parse");
        post(call, "Discord", config.discord(), "DISCORD_WEBHOOK_URL", body);
      }
      case "telegram" -> telegram(call, message);
      case "webhook" -> post(call, "The webhook", null, "", webhook(call, message));
      default ->
          throw WindlassException.invalid(
              "notify: channel must be slack, discord, telegram or webhook, not \"" + given + "\"");
    }
    return "Notification sent to " + channel;
  }

  private static ObjectNode webhook(PreToolCall call, String message) {
    ObjectNode body = Json.object();
    body.put("message", message);
    body.put("text", message);
    body.put("executionId", call.context().publicId());
    body.put("chainName", call.context().definitionName());
    body.put("stepId", call.context().stepId());
    return body;
  }

  private void post(
      PreToolCall call, String service, @Nullable String standard, String setting, ObjectNode body)
      throws IOException, InterruptedException {
    String own = call.text("webhook_url").trim();
    if (own.isEmpty() && standard == null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "notify lacks an address: give the call a \"webhook_url\""
              + (setting.isEmpty() ? "" : ", or set " + setting));
    }
    String url = own.isEmpty() ? String.valueOf(standard) : own;
    boolean inner = own.isEmpty() || HostChoice.isAuthors(call.raw("webhook_url"), call.state());
    api.post(service, url, Map.of(), body, inner, path(url), call.timeout());
  }

  /** What follows the host is the key to the channel. */
  private static String path(String url) {
    int slashes = url.indexOf("://");
    int path = slashes < 0 ? -1 : url.indexOf('/', slashes + 3);
    return path < 0 || url.length() - path < 2 ? "" : url.substring(path + 1);
  }

  /** Telegram's address may also be given whole, as {@code https://…/bot<token>/sendMessage}. */
  private void telegram(PreToolCall call, String message) throws IOException, InterruptedException {
    String whole = call.text("webhook_url").trim();
    String token = config.telegram().key();
    String chat = call.text("chat_id", String.valueOf(config.telegramChat())).trim();
    if (whole.isEmpty() && token == null) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "notify lacks Telegram's bot: set TELEGRAM_BOT_TOKEN and TELEGRAM_CHAT_ID");
    }
    boolean inQuery = whole.contains("chat_id=");
    if (!inQuery && (chat.isEmpty() || chat.equals("null"))) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "notify lacks Telegram's chat: give the call a \"chat_id\", or set TELEGRAM_CHAT_ID");
    }
    ObjectNode body = Json.object().put("text", cut(call, message, "Telegram", TELEGRAM_LIMIT));
    if (!inQuery) {
      body.put("chat_id", chat);
    }
    String url =
        whole.isEmpty() ? config.telegram().url() + "/bot" + token + "/sendMessage" : whole;
    boolean inner = whole.isEmpty() || HostChoice.isAuthors(call.raw("webhook_url"), call.state());
    api.post("Telegram", url, Map.of(), body, inner, path(url), call.timeout());
  }

  private static String cut(PreToolCall call, String message, String service, int limit) {
    if (message.length() <= limit) {
      return message;
    }
    call.context()
        .log(
            LogLevel.WARN,
            "notify: %s takes %d characters; the message has %d and is cut"
                .formatted(service, limit, message.length()));
    int end = Character.isHighSurrogate(message.charAt(limit - 2)) ? limit - 2 : limit - 1;
    return message.substring(0, end) + "…";
  }
}
