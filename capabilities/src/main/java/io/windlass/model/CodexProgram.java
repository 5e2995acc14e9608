package io.windlass.model;

import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Codex's {@code codex exec}, which calls its own tools in its own sandbox. */
final class CodexProgram implements Program {
  static final String NAME = "codex";
  private static final Pattern STATUS = Pattern.compile("status:? (\\d{3})");

  /** What its sandbox always lets it do, and what it does in a folder that it may write. */
  private static final List<String> READING =
      List.of("read_file", "list_files", "search_files", "bash");

  private static final List<String> WRITING = List.of("write_file", "edit_file", "bash");

  /** Its own, and those of the cloud that it can ask in place of OpenAI. */
  private static final Pattern NEEDED = Pattern.compile("OPENAI_|CODEX_|AZURE_");

  private final Prices prices;

  /**
   * @param prices which may hold figures of the user's own for it
   */
  CodexProgram(Prices prices) {
    this.prices = prices;
  }

  @Override
  public String provider() {
    return NAME;
  }

  @Override
  public String installation() {
    return "npm install -g @openai/codex, or set WINDLASS_CODEX_COMMAND";
  }

  @Override
  public String login() {
    return "run codex login";
  }

  @Override
  public List<String> arguments(String model, ModelRequest request) {
    boolean writes = request.tools().stream().anyMatch(tool -> WRITING.contains(tool.name()));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "exec",
                "--json",
                "--skip-git-repo-check",
                "--ephemeral",
                "--color",
                "never",
                "--sandbox",
                writes ? "workspace-write" : "read-only"));
    if (!model.isEmpty()) {
      arguments.addAll(List.of("--model", model));
    }
    arguments.add("-");
    return arguments;
  }

  @Override
  public Set<String> replaces(Collection<String> offered) {
    Set<String> replaced = new LinkedHashSet<>(READING);
    if (offered.stream().anyMatch(WRITING::contains)) {
      replaced.addAll(WRITING);
    }
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
      case "item.completed" -> {
        JsonNode item = line.path("item");
        if (item.path("type").asString("").equals("agent_message")) {
          answer.part();
          answer.piece(item.path("text").asString(""));
          answer.message(item.path("text").asString(""));
        }
      }
      case "turn.completed" -> {
        JsonNode usage = line.path("usage");
        long sent = usage.path("input_tokens").asLong(0);
        long cached = usage.path("cached_input_tokens").asLong(0);
        long received = usage.path("output_tokens").asLong(0);
        BigDecimal cost =
            prices
                .find(NAME, "", answer.model())
                .map(price -> price.of(sent, cached, received))
                .orElse(null);
        answer.usage(new Usage(null, sent, received, cost));
        answer.end(ModelAnswer.Finish.STOP);
      }
      case "turn.failed" -> failed(line.path("error").path("message").asString(""), answer);
      default -> {
        // Errors that it goes on after, commands that it ran.
      }
    }
  }

  private void failed(String message, ProgramAnswer answer) {
    Matcher status = STATUS.matcher(message);
    String lower = message.toLowerCase(Locale.ROOT);
    boolean quota = lower.contains("usage limit") || lower.contains("quota");
    ModelFailure.Kind kind =
        status.find()
            ? ModelFailure.kindOf(Integer.parseInt(status.group(1)), quota)
            : quota
                ? ModelFailure.Kind.QUOTA
                : lower.contains("stream") || lower.contains("connection")
                    ? ModelFailure.Kind.CONNECTION
                    : ModelFailure.Kind.SERVER;
    answer.fail(
        kind,
        Refusal.shortened(message.isBlank() ? "its turn failed" : message)
            + (kind == ModelFailure.Kind.UNAUTHENTICATED ? ". To mend it, " + login() : ""));
  }
}
