package io.windlass.model;

import java.util.Locale;

/** The formats in which providers are asked. */
public enum WireFormat {
  /** OpenAI's chat completions. */
  OPENAI,
  /** Anthropic's messages. */
  ANTHROPIC,
  /** Google's {@code streamGenerateContent}. */
  GEMINI,
  /** Ollama's {@code /api/chat}. */
  OLLAMA;

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
