package io.windlass.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Puts requests into LangChain4j's words, and the tools that an answer asks for back into ours. */
final class Conversation {
  private Conversation() {}

  static ChatRequest of(String model, ModelRequest request) {
    ChatRequest.Builder builder =
        ChatRequest.builder().modelName(model).messages(messages(request));
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

  private static List<ChatMessage> messages(ModelRequest request) {
    List<ChatMessage> messages = new ArrayList<>();
    if (request.system() != null) {
      messages.add(SystemMessage.from(request.system()));
    }
    for (Message message : request.messages()) {
      messages.add(
          switch (message) {
            case Message.User user -> UserMessage.from(user.text());
            case Message.Assistant assistant -> assistant(assistant);
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

  private static AiMessage assistant(Message.Assistant said) {
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
                        .arguments(call.arguments())
                        .build())
                .toList())
        .build();
  }

  /** The calls of an answer to a conversation of {@code length} messages. */
  static List<ToolUse> calls(List<ToolExecutionRequest> asked, int length) {
    List<ToolUse> calls = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ToolExecutionRequest call : asked) {
      String id = call.id();
      if (id == null || id.isBlank() || !taken.add(id)) {
        id = id(length, calls.size());
      }
      String arguments = call.arguments();
      calls.add(
          new ToolUse(
              id,
              call.name() == null ? "" : call.name(),
              arguments == null || arguments.isBlank() ? "{}" : arguments));
    }
    return calls;
  }

  /** An id for a call that came without one: the same whenever the same answer comes again. */
  static String id(int length, int place) {
    return "call_" + length + "_" + place;
  }
}
