package io.windlass.web;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.State;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.text.Template;
import io.windlass.tool.HostChoice;
import io.windlass.tool.ToolRehearsal;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends one step's webhook; a replay finds the answer in the journal. */
final class Webhook implements Step {
  private static final String KEY = "webhook";
  private static final int ANSWER_LIMIT = 5 << 20;
  private static final int SHOWN = 300;
  private static final String INPUT = "input.";

  private final Plan plan;
  private final WebClient client;
  private final Pause pause;
  private final @Nullable ToolRehearsal rehearsal;

  /**
   * @param rehearsal answers in place of the server; null to send
   */
  Webhook(Plan plan, WebClient client, Pause pause, @Nullable ToolRehearsal rehearsal) {
    this.plan = plan;
    this.client = client;
    this.pause = pause;
    this.rehearsal = rehearsal;
  }

  /**
   * What the document says; texts not rendered.
   *
   * @param body empty for the default one
   * @param successes statuses that count as success besides every 2xx
   */
  record Plan(
      String url,
      String method,
      Map<String, String> headers,
      String body,
      Duration timeout,
      int retries,
      Set<Integer> successes) {
    Plan {
      headers = Map.copyOf(headers);
      successes = Set.copyOf(successes);
    }
  }

  /** How a retry waits. */
  @FunctionalInterface
  interface Pause {
    void take(Duration time) throws InterruptedException;
  }

  private static final class Failure extends IOException {
    private static final long serialVersionUID = 1;

    Failure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    WebRequest request;
    try {
      request = request(context);
    } catch (WindlassException e) {
      return new StepOutcome.Failed("Webhook cannot be sent: " + e.text(), false);
    }
    String what = request.method() + " " + request.address().shown();
    try {
      JsonNode answer =
          context.once(
              Effect.repeatable(KEY, what), () -> Json.text(attempts(request, what, context)));
      return StepOutcome.done(answer);
    } catch (Failure e) {
      return new StepOutcome.Failed(String.valueOf(e.getMessage()), true);
    }
  }

  private String attempts(WebRequest request, String what, StepContext context) throws Exception {
    if (rehearsal != null) {
      return rehearsal.instead(context, "webhook", "", what);
    }
    WebClient.Reach reach =
        HostChoice.isAuthors(plan.url(), context.state())
            ? WebClient.Reach.NAMED_HOST
            : WebClient.Reach.PUBLIC;
    for (int attempt = 1; ; attempt++) {
      String reason;
      Exception cause = null;
      boolean lasting = false;
      try {
        WebResponse response = bounded(request, reach);
        if (succeeded(response.status())) {
          context.log(LogLevel.INFO, what + " answered " + response.statusLine());
          return response.body().replace("\0", "");
        }
        String body = response.body().strip();
        reason =
            what + " answered " + response.statusLine() + (body.isEmpty() ? "" : ": " + cut(body));
      } catch (TimeoutException e) {
        reason = "%s took longer than %d ms".formatted(what, plan.timeout().toMillis());
        cause = e;
      } catch (IOException e) {
        reason = String.valueOf(e.getMessage());
        cause = e;
      } catch (WindlassException e) {
        reason = e.text();
        cause = e;
        lasting = true;
      }
      if (attempt > plan.retries() || lasting) {
        throw new Failure("Webhook failed after " + attempt + " attempt(s): " + reason, cause);
      }
      context.log(
          LogLevel.WARN,
          "Attempt %d of %d failed, next in %d s: %s"
              .formatted(attempt, plan.retries() + 1, attempt, reason));
      pause.take(Duration.ofSeconds(attempt));
    }
  }

  private WebResponse bounded(WebRequest request, WebClient.Reach reach) throws Exception {
    try (Fork<WebResponse> fork = Fork.open("webhook")) {
      fork.fork(() -> client.send(request, reach, plan.timeout(), ANSWER_LIMIT));
      return fork.join(plan.timeout()).getFirst();
    }
  }

  private boolean succeeded(int status) {
    return (status >= 200 && status < 300) || plan.successes().contains(status);
  }

  private WebRequest request(StepContext context) {
    State state = context.state();
    Map<String, String> headers = new LinkedHashMap<>();
    plan.headers().forEach((name, value) -> headers.put(name, Template.render(value, state)));
    boolean bodiless = plan.method().equals("GET") || plan.method().equals("DELETE");
    String body = plan.body().isEmpty() ? (bodiless ? null : standard(context)) : rendered(state);
    if (body != null && lacks(headers, "Content-Type")) {
      headers.put("Content-Type", "application/json");
    }
    if (lacks(headers, "Idempotency-Key")) {
      headers.put("Idempotency-Key", context.idempotencyKey(KEY));
    }
    return new WebRequest(
        plan.method(), WebAddress.of(Template.render(plan.url(), state)), headers, body);
  }

  private static String standard(StepContext context) {
    ObjectNode body = Json.object();
    body.put("executionId", context.publicId());
    body.put("stepId", context.stepId());
    body.put("chainName", context.definitionName());
    ObjectNode variables = body.putObject("vars");
    new TreeMap<>(context.state().texts())
        .forEach((name, value) -> {
          if (!isInternal(name)) {
            variables.put(name, value);
          }
        });
    return Json.write(body);
  }

  /** Internal variables stay at home, and so do their twins among the inputs. */
  private static boolean isInternal(String name) {
    String own = name.startsWith(INPUT) ? name.substring(INPUT.length()) : name;
    return own.startsWith("__") || own.startsWith("windlass.");
  }

  /**
   * The document's body with its values put in: as parts of JSON strings where that gives JSON, so
   * that a quote or a line break in a value cannot break or extend it; else as they are.
   */
  private String rendered(State state) {
    boolean json =
        plan.headers().entrySet().stream()
            .filter(header -> header.getKey().equalsIgnoreCase("content-type"))
            .allMatch(header -> header.getValue().contains("json"));
    if (json) {
      String escaped = Template.render(plan.body(), state, Webhook::insideString);
      try {
        Json.MAPPER.readTree(escaped);
        return escaped;
      } catch (JacksonException e) {
        // The body puts values elsewhere than into strings.
      }
    }
    return Template.render(plan.body(), state);
  }

  private static String insideString(String value) {
    String quoted = Json.write(value);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static boolean lacks(Map<String, String> headers, String name) {
    return headers.keySet().stream().noneMatch(name::equalsIgnoreCase);
  }

  private static String cut(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }
}
