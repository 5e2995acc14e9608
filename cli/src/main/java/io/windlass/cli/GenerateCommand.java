package io.windlass.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Has a model write a chain. */
@Command(
    name = "generate",
    description = {
      "Have a model write a chain from a description. It is checked and saved; its source goes to",
      "standard output. What the model asks back is asked at a terminal; elsewhere --session and",
      "--answer answer it, within ten minutes."
    },
    footer = {
      "",
      "Exit code 1 also when there are questions and nobody to ask.",
      "",
      "Example:",
      "  windlass generate \"Summarise a web page and have a person approve it\" > summary.yaml",
      "  windlass generate --session gen-1a2b3c --answer \"any page\" --answer \"three sentences\""
    })
final class GenerateCommand extends RemoteCommand {
  private static final String PATH = "/generate-chain";

  @Parameters(
      arity = "0..1",
      paramLabel = "DESCRIPTION",
      description = "What the chain is to do, as one argument.")
  private @Nullable String description;

  @Option(
      names = "--session",
      paramLabel = "ID",
      description = "The session whose questions are answered.")
  private @Nullable String session;

  @Option(
      names = "--answer",
      paramLabel = "TEXT",
      description = "An answer, once for each question, in their order.")
  private List<String> answers = new ArrayList<>();

  GenerateCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    boolean answering = session != null;
    if (answering == answers.isEmpty()) {
      throw CliException.usage("--session and --answer go together: one answer for each question");
    }
    if (answering == (description != null)) {
      throw CliException.usage(
          "Give either a DESCRIPTION in quotes, or --session and --answer for the questions asked back");
    }
    ObjectNode body = Documents.object();
    if (answering) {
      body.put("sessionId", session).set("answers", list(answers));
    } else {
      body.put("description", description);
    }
    JsonNode told = ask(body);
    // Not closed: the keyboard is not ours.
    var keyboard = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    while (isAsking(told) && terminal.interactive() && !connection.json) {
      List<String> given = answered(told.path("questions"), keyboard);
      if (given == null) {
        break;
      }
      ObjectNode more = Documents.object().put("sessionId", Documents.text(told, "sessionId"));
      more.set("answers", list(given));
      told = ask(more);
    }
    if (isAsking(told)) {
      if (connection.json) {
        answer(told, "");
      }
      terminal.complain(howToAnswer(told));
      return ExitCode.FAILED;
    }
    terminal.say("saved as chain " + Wording.line(Documents.text(told, "chainName"), 200));
    String summary = Wording.line(Documents.text(told, "summary"), 1000);
    if (!summary.isEmpty()) {
      terminal.say(summary);
    }
    answer(told, Documents.text(told, "yaml"));
    return ExitCode.OK;
  }

  /** A model takes minutes at times, above all when its chain has faults to mend. */
  private JsonNode ask(ObjectNode body) {
    return Documents.read(chains().postPatiently(PATH, Documents.write(body)));
  }

  private static boolean isAsking(JsonNode told) {
    return Documents.text(told, "status").equals("questions");
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode list = Documents.array();
    texts.forEach(list::add);
    return list;
  }

  /** Null when the keyboard has nothing more to say. */
  private @Nullable List<String> answered(JsonNode questions, BufferedReader keyboard) {
    List<String> given = new ArrayList<>();
    for (JsonNode question : questions) {
      terminal.err().print(Wording.line(Documents.show(question), 1000) + " ");
      terminal.err().flush();
      try {
        String line = keyboard.readLine();
        if (line == null) {
          terminal.err().println();
          return null;
        }
        given.add(line.strip());
      } catch (IOException e) {
        throw CliException.failed("The keyboard cannot be read: " + e.getMessage());
      }
    }
    return given;
  }

  private static String howToAnswer(JsonNode told) {
    StringBuilder text = new StringBuilder("the model asks back:");
    int number = 0;
    for (JsonNode question : told.path("questions")) {
      text.append("\n%d. %s".formatted(++number, Wording.line(Documents.show(question), 1000)));
    }
    return text.append("\nanswer within ten minutes: windlass generate --session ")
        .append(Documents.text(told, "sessionId"))
        .append(" --answer TEXT".repeat(Math.max(1, number)))
        .toString();
  }
}
