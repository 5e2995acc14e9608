package io.windlass.web;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.tool.ToolRehearsal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The step kind {@code webhook}: one request to somebody's server, under an idempotency key. */
public final class WebhookKind implements StepKind {
  private static final List<String> METHODS = List.of("POST", "PUT", "PATCH", "GET", "DELETE");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_RETRIES = 100;

  private final WebClient client;
  private final Webhook.Pause pause;
  private final @Nullable ToolRehearsal rehearsal;

  public WebhookKind(WebClient client) {
    this(client, Thread::sleep);
  }

  WebhookKind(WebClient client, Webhook.Pause pause) {
    this(client, pause, null);
  }

  private WebhookKind(WebClient client, Webhook.Pause pause, @Nullable ToolRehearsal rehearsal) {
    this.client = client;
    this.pause = pause;
    this.rehearsal = rehearsal;
  }

  /** The same kind for a dry run: requests are made up, and none is sent. */
  public WebhookKind rehearsed(ToolRehearsal with) {
    return new WebhookKind(client, pause, with);
  }

  @Override
  public boolean isRehearsable() {
    return rehearsal != null;
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    read(fields, faults);
    return faults;
  }

  @Override
  public Step bind(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    Webhook.Plan plan = read(fields, faults);
    if (!faults.isEmpty()) {
      throw new WindlassException(ErrorCode.INVALID_DEFINITION, String.join("\n", faults));
    }
    return new Webhook(plan, client, pause, rehearsal);
  }

  private static Webhook.Plan read(ObjectNode fields, List<String> faults) {
    String url = Json.show(fields.get("webhook_url"));
    if (url.isBlank()) {
      url = Json.show(fields.get("url"));
    }
    if (url.isBlank()) {
      faults.add("webhook_url: a webhook step needs the address to call");
    }
    String given = Json.show(fields.get("webhook_method")).trim().toUpperCase(Locale.ROOT);
    String method = given.isEmpty() ? "POST" : given;
    if (!METHODS.contains(method)) {
      faults.add("webhook_method: must be one of " + String.join(", ", METHODS) + ", not " + given);
    }
    Map<String, String> headers = new LinkedHashMap<>();
    JsonNode listed = fields.path("webhook_headers");
    if (!listed.isMissingNode() && !listed.isNull() && !listed.isObject()) {
      faults.add("webhook_headers: must be an object of names and values");
    }
    listed
        .properties()
        .forEach(header -> headers.put(header.getKey(), Json.show(header.getValue())));
    long timeout = number(fields, "webhook_timeout_ms", TIMEOUT.toMillis(), faults);
    return new Webhook.Plan(
        url,
        method,
        headers,
        Json.show(fields.get("webhook_body")),
        timeout == 0 ? TIMEOUT : Duration.ofMillis(timeout),
        (int) Math.min(number(fields, "webhook_retry", 0, faults), MOST_RETRIES),
        statuses(fields, faults));
  }

  private static Set<Integer> statuses(ObjectNode fields, List<String> faults) {
    Set<Integer> statuses = new TreeSet<>();
    JsonNode listed = fields.path("webhook_success_status");
    for (JsonNode status : listed.isArray() ? listed : Json.MAPPER.createArrayNode().add(listed)) {
      if (status.isMissingNode() || status.isNull()) {
        continue;
      }
      try {
        statuses.add(Integer.parseInt(Json.show(status).trim()));
      } catch (NumberFormatException e) {
        faults.add("webhook_success_status: must list HTTP statuses, not " + status);
      }
    }
    return statuses;
  }

  private static long number(ObjectNode fields, String name, long otherwise, List<String> faults) {
    String value = Json.show(fields.get(name)).trim();
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= 0 && number < Integer.MAX_VALUE) {
        return (long) number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    faults.add(name + ": must be a number of at least 0, not " + value);
    return otherwise;
  }
}
