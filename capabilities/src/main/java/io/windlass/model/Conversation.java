package io.windlass.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts requests into LangChain4j's words, and the tools that an answer asks for back into ours. */
final class Conversation {
  private Conversation() {}

  /** What becomes of arguments that the model wrote when it is told of them. */
  enum Arguments {
    /** They stay as they were written. */
    AS_WRITTEN,
    /** What is no JSON object becomes an empty one, since the format takes nothing else. */
    OBJECTS
  }

  /**
   * @param longest the most tokens that the answer may have; 0 leaves it to the provider
   */
  static ChatRequest of(String model, ModelRequest request, Arguments arguments, int longest) {
    ChatRequest.Builder builder =
        ChatRequest.builder().modelName(model).messages(messages(request, arguments));
    if (longest > 0) {
      builder.maxOutputTokens(longest);
    }
    if (!request.tools().isEmpty()) {
      builder.toolSpecifications(request.tools().stream().map(Conversation::tool).toList());
    }
    return builder.build();
  }

  private static ToolSpecification tool(ToolSpec spec) {
    return ToolSpecification.builder()
        .name(spec.name())
        .description(spec.description())
        .parameters(ToolSchema.of(spec.schema()))
        .build();
  }

  private static List<ChatMessage> messages(ModelRequest request, Arguments arguments) {
    List<ChatMessage> messages = new ArrayList<>();
    if (request.system() != null) {
      messages.add(SystemMessage.from(request.system()));
    }
    for (Message message : request.messages()) {
      messages.add(
          switch (message) {
            case Message.User user -> UserMessage.from(user.text());
            case Message.Assistant assistant -> assistant(assistant, arguments);
            case Message.ToolAnswer answer ->
                ToolExecutionResultMessage.builder()
                    .id(answer.id())
                    .toolName(answer.name())
                    .text(answer.text())
                    .isError(answer.failed())
                    .build();
          });
    }
    return messages;
  }

  private static AiMessage assistant(Message.Assistant said, Arguments arguments) {
    if (said.calls().isEmpty()) {
      return AiMessage.from(said.text());
    }
    return AiMessage.builder()
        .text(said.text().isEmpty() ? null : said.text())
        .toolExecutionRequests(
            said.calls().stream()
                .map(call ->
                    ToolExecutionRequest.builder()
                        .id(call.id())
                        .name(call.name())
                        .arguments(
                            arguments == Arguments.OBJECTS
                                ? object(call.arguments())
                                : call.arguments())
                        .build())
                .toList())
        .build();
  }

  /** A JSON object as it was written; {@code {}} for anything else. */
  static String object(String arguments) {
    try {
      return Json.read(arguments).isObject() ? arguments : "{}";
    } catch (WindlassException e) {
      return "{}";
    }
  }

  /** The calls of an answer to a conversation of {@code length} messages. */
  static List<ToolUse> calls(List<ToolUse> asked, int length) {
    List<ToolUse> calls = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ToolUse call : asked) {
      String id = call.id();
      if (id.isBlank() || !taken.add(id)) {
        id = id(length, calls.size());
      }
      String arguments = call.arguments();
      String name = call.name().isBlank() ? NamelessCalls.NAME : call.name();
      calls.add(new ToolUse(id, name, arguments.isBlank() ? "{}" : arguments));
    }
    return calls;
  }

  /** An id for a call that came without one: the same whenever the same answer comes again. */
  static String id(int length, int place) {
    return "call_" + length + "_" + place;
  }
}
