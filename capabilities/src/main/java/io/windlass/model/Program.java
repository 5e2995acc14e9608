package io.windlass.model;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A command line that answers a prompt with a JSON object a line. */
interface Program {
  /** The provider's name in {@code provider/model}. */
  String provider();

  /** How it is installed. */
  String installation();

  /** What a person does who is not logged in. */
  String login();

  /**
   * Its arguments; the prompt comes on its standard input.
   *
   * @param model empty for the program's own choice
   */
  List<String> arguments(String model, ModelRequest request);

  /**
   * Those of our tools that it does the work of with tools of its own, when a step has these.
   *
   * @param offered the names of the step's tools
   */
  Set<String> replaces(Collection<String> offered);

  /** Whether a variable of the server's is for it, be it a secret: its key, its settings. */
  boolean needs(String variable);

  /** What it is told on its standard input. */
  String input(ModelRequest request);

  void take(JsonNode line, ProgramAnswer answer);

  /** A conversation as one text; a lone prompt as it is. */
  static String transcript(ModelRequest request) {
    if (request.messages().size() == 1) {
      return request.prompt();
    }
    StringBuilder text = new StringBuilder("The conversation so far, to be continued:\n");
    for (Message message : request.messages()) {
      String speaker =
          switch (message) {
            case Message.User _ -> "User";
            case Message.Assistant _ -> "Assistant";
            case Message.ToolAnswer answer -> "Result of " + answer.name();
          };
      text.append('\n').append(speaker).append(": ").append(message.text()).append('\n');
    }
    return text.toString();
  }
}
