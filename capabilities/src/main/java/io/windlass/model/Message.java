package io.windlass.model;

import java.util.List;

/** One message of a conversation with a model. */
public sealed interface Message {
  /** What is said; empty for an assistant that only asks for tools. */
  String text();

  /**
   * What a person, or the program in their place, says.
   *
   * @param text the message
   */
  record User(String text) implements Message {}

  /**
   * What the model said.
   *
   * @param text the answer's text; empty for none
   * @param calls the tools it asked for, in its order
   */
  record Assistant(String text, List<ToolUse> calls) implements Message {
    public Assistant {
      calls = List.copyOf(calls);
    }
  }

  /**
   * What a tool answered; one for each of the calls of the assistant's message before it.
   *
   * @param id the call's id
   * @param name the tool's name
   * @param text what the model is to read
   * @param failed whether the tool failed
   */
  record ToolAnswer(String id, String name, String text, boolean failed) implements Message {}

  static Message user(String text) {
    return new User(text);
  }

  static Message assistant(String text) {
    return new Assistant(text, List.of());
  }
}
