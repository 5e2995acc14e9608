package io.windlass.model;

import java.nio.charset.StandardCharsets;

/** How many tokens a text has at most, near enough: one for every three of its UTF-8 bytes. */
public final class Estimate {
  private static final int BYTES = 3;

  /** What a provider puts around each message and tool. */
  private static final int AROUND = 8;

  private Estimate() {}

  public static long of(String text) {
    return (text.getBytes(StandardCharsets.UTF_8).length + BYTES - 1) / BYTES;
  }

  /** All that is sent: instructions, messages, what tools were called with, and the tools. */
  static long of(ModelRequest request) {
    long tokens = request.system() == null ? 0 : AROUND + of(request.system());
    for (Message message : request.messages()) {
      tokens += AROUND + of(message.text());
      if (message instanceof Message.Assistant said) {
        for (ToolUse call : said.calls()) {
          tokens += AROUND + of(call.name()) + of(call.arguments());
        }
      }
    }
    for (ToolSpec tool : request.tools()) {
      tokens +=
          AROUND + of(tool.name()) + of(tool.description()) + of(String.valueOf(tool.schema()));
    }
    return tokens;
  }
}
