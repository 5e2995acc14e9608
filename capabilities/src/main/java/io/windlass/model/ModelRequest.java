package io.windlass.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked.
 *
 * @param step id of the step that asks, for scripted answers and for logs
 * @param system standing instructions; null for none
 * @param messages the conversation, the latest message last; at least one
 * @param timeout bounds the whole call; null takes the configured time
 * @param json whether the answer is to be JSON
 * @param tools what the model may ask for; empty for none
 * @param standIn what a dry run without a script takes for the answer; null for a marked text
 * @param directory where a model works that calls tools of its own; null for an empty place
 */
public record ModelRequest(
    String step,
    @Nullable String system,
    List<Message> messages,
    @Nullable Duration timeout,
    boolean json,
    List<ToolSpec> tools,
    @Nullable String standIn,
    @Nullable Path directory) {
  public ModelRequest {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("A model request needs at least one message");
    }
  }

  /**
   * A request for whose answer a dry run needs no words of its own, to a model that works nowhere.
   */
  public ModelRequest(
      String step,
      @Nullable String system,
      List<Message> messages,
      @Nullable Duration timeout,
      boolean json,
      List<ToolSpec> tools) {
    this(step, system, messages, timeout, json, tools, null, null);
  }

  /** One prompt from one step. */
  public static ModelRequest of(String step, String prompt, @Nullable Duration timeout) {
    return new ModelRequest(step, null, List.of(Message.user(prompt)), timeout, false, List.of());
  }

  /** The same, whose answer is to be JSON, or need not be. */
  public ModelRequest withJson(boolean wanted) {
    return new ModelRequest(step, system, messages, timeout, wanted, tools, standIn, directory);
  }

  /** The same, for whose answer a dry run takes this text. */
  public ModelRequest withStandIn(@Nullable String text) {
    return new ModelRequest(step, system, messages, timeout, json, tools, text, directory);
  }

  /** The same later in the conversation: other messages, and the tools that there are by then. */
  public ModelRequest with(List<Message> conversation, List<ToolSpec> offered) {
    return new ModelRequest(step, system, conversation, timeout, json, offered, standIn, directory);
  }

  /** The same, to be worked on in a folder. */
  public ModelRequest withDirectory(Path folder) {
    return new ModelRequest(step, system, messages, timeout, json, tools, standIn, folder);
  }

  /** Which answer of the conversation is asked for, from 1. */
  int turn() {
    return 1 + (int) messages.stream().filter(Message.Assistant.class::isInstance).count();
  }

  /** The text of the latest message. */
  public String prompt() {
    return messages.getLast().text();
  }
}
