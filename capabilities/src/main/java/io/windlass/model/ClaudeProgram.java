package io.windlass.model;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Claude Code's {@code claude -p}, which calls its own tools. */
final class ClaudeProgram implements Program {
  static final String NAME = "claude-code";
  private static final int DIGITS = 12;
  private static final String LIST_PRICES_AT = "api.anthropic.com";

  /** Its tools that do what ours of these names do. */
  private static final Map<String, List<String>> TOOLS =
      Map.of(
          "read_file", List.of("Read"),
          "write_file", List.of("Write"),
          "edit_file", List.of("Edit"),
          "list_files", List.of("Glob"),
          "search_files", List.of("Grep"),
          "bash", List.of("Bash"),
          "http_fetch", List.of("WebFetch"),
          "web_search", List.of("WebSearch"));

  /** Its own, and those of the clouds that it can ask in place of Anthropic. */
  private static final Pattern NEEDED =
      Pattern.compile("ANTHROPIC_|CLAUDE_|AWS_|GOOGLE_|GCLOUD_|CLOUD_ML_|VERTEX_|AZURE_");

  private static final Pattern LIST_PRICED =
      Pattern.compile("https://" + Pattern.quote(LIST_PRICES_AT) + "(:443)?(/.*)?");

  private final Prices prices;

  /** Whether it asks the server whose prices the program knows. */
  private final boolean atListPrices;

  /**
   * @param prices tells which models have a known price
   * @param environment the variables that it gets, of which one may name another server to ask
   */
  ClaudeProgram(Prices prices, Map<String, String> environment) {
    this.prices = prices;
    String server = environment.getOrDefault("ANTHROPIC_BASE_URL", "");
    this.atListPrices = server.isBlank() || LIST_PRICED.matcher(server.strip()).matches();
  }

  @Override
  public String provider() {
    return NAME;
  }

  @Override
  public String installation() {
    return "npm install -g @anthropic-ai/claude-code, or set WINDLASS_CLAUDE_COMMAND";
  }

  @Override
  public String login() {
    return "run claude and log in, or set ANTHROPIC_API_KEY";
  }

  @Override
  public List<String> arguments(String model, ModelRequest request) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-p",
                "--output-format",
                "stream-json",
                "--verbose",
                "--include-partial-messages",
                "--no-session-persistence",
                "--strict-mcp-config"));
    if (!model.isEmpty()) {
      arguments.addAll(List.of("--model", model));
    }
    Set<String> tools = new LinkedHashSet<>();
    request.tools().forEach(tool -> tools.addAll(TOOLS.getOrDefault(tool.name(), List.of())));
    // These take any number of words; written in one, they leave the next option alone.
    arguments.add("--tools=" + String.join(",", tools));
    if (!tools.isEmpty()) {
      arguments.add("--allowedTools=" + String.join(",", tools));
    }
    return arguments;
  }

  @Override
  public Set<String> replaces(Collection<String> offered) {
    Set<String> replaced = new LinkedHashSet<>(offered);
    replaced.retainAll(TOOLS.keySet());
    return replaced;
  }

  @Override
  public boolean needs(String variable) {
    return NEEDED.matcher(variable).lookingAt();
  }

  @Override
  public String input(ModelRequest request) {
    String said = Program.transcript(request);
    return request.system() == null ? said : request.system() + "\n\n" + said;
  }

  @Override
  public void take(JsonNode line, ProgramAnswer answer) {
    switch (line.path("type").asString("")) {
      case "stream_event" -> {
        // What a tool of its own says to itself is not the answer.
        if (line.path("parent_tool_use_id").isNull()) {
          event(line.path("event"), answer);
        }
      }
      case "result" -> result(line, answer);
      default -> {
        // Whole messages repeat the pieces; the rest tells of the session.
      }
    }
  }

  private static void event(JsonNode event, ProgramAnswer answer) {
    switch (event.path("type").asString("")) {
      case "message_start" -> answer.part();
      case "content_block_delta" -> answer.piece(event.path("delta").path("text").asString(""));
      default -> {
        // Frames of the pieces.
      }
    }
  }

  private void result(JsonNode line, ProgramAnswer answer) {
    String text = line.path("result").asString("");
    if (line.path("is_error").asBoolean(false)) {
      int status = line.path("api_error_status").asInt(0);
      boolean unknown = text.contains("/login") || text.contains("Invalid API key");
      boolean used = text.contains("usage limit") || text.contains("credit balance");
      ModelFailure.Kind kind =
          unknown
              ? ModelFailure.Kind.UNAUTHENTICATED
              : used
                  ? ModelFailure.Kind.QUOTA
                  : status >= 400 ? ModelFailure.kindOf(status, false) : ModelFailure.Kind.REJECTED;
      String told = text.isBlank() ? line.path("subtype").asString("it failed") : text;
      answer.fail(
          kind,
          Refusal.shortened(told)
              + (kind == ModelFailure.Kind.UNAUTHENTICATED ? ". To mend it, " + login() : ""));
      return;
    }
    JsonNode usage = line.path("usage");
    answer.usage(
        new Usage(
            null,
            usage.path("input_tokens").asLong(0)
                + usage.path("cache_read_input_tokens").asLong(0)
                + usage.path("cache_creation_input_tokens").asLong(0),
            usage.path("output_tokens").asLong(0),
            cost(line.path("modelUsage"))));
    answer.message(text);
    answer.end(
        switch (line.path("stop_reason").asString("")) {
          case "max_tokens" -> ModelAnswer.Finish.LENGTH;
          case "refusal" -> ModelAnswer.Finish.FILTERED;
          default -> ModelAnswer.Finish.STOP;
        });
  }

  /**
   * The sum over the models that took part, as it tells it. It tells of a model that it does not
   * know what another one would cost; so one without a known price leaves the whole unknown.
   */
  private @Nullable BigDecimal cost(JsonNode models) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Map.Entry<String, JsonNode> model : models.properties()) {
      BigDecimal cost = cost(model.getKey(), model.getValue());
      if (cost == null) {
        return null;
      }
      sum = sum.add(cost);
    }
    return models.isEmpty() ? null : sum;
  }

  private @Nullable BigDecimal cost(String model, JsonNode counted) {
    long cached = counted.path("cacheReadInputTokens").asLong(0);
    long sent =
        counted.path("inputTokens").asLong(0)
            + counted.path("cacheCreationInputTokens").asLong(0)
            + cached;
    long received = counted.path("outputTokens").asLong(0);
    Optional<Price> own = prices.find(NAME, "", model);
    if (own.isPresent()) {
      return own.get().of(sent, cached, received);
    }
    JsonNode told = counted.path("costUSD");
    boolean known =
        sent + received == 0
            || atListPrices
                && prices.find(EndpointSettings.ANTHROPIC, LIST_PRICES_AT, model).isPresent();
    // It adds up in floating point; what comes of that is no money.
    return known && told.isNumber()
        ? told.decimalValue().setScale(DIGITS, RoundingMode.HALF_EVEN).stripTrailingZeros()
        : null;
  }
}
