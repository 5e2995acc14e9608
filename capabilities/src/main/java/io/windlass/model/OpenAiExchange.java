package io.windlass.model;

import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiTokenUsage;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.windlass.step.Usage;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its answer; confined to the calling thread. The first failure is kept. */
final class OpenAiExchange implements StreamingChatResponseHandler {
  /** The longest accepted answer, in characters. */
  static final int LONGEST = 5_000_000;

  private final String label;
  private final Refusal refusal;
  private final @Nullable Price price;
  private final int messages;
  private final Consumer<String> pieces;
  private @Nullable RuntimeException failure;
  private @Nullable ChatResponse response;
  private boolean marked;
  private long length;

  /**
   * @param price what the model costs; null when that is not known
   * @param messages how many the request has
   */
  OpenAiExchange(
      Endpoint endpoint,
      String model,
      @Nullable Price price,
      InstantSource clock,
      int messages,
      Consumer<String> pieces) {
    this.label = endpoint.name() + "/" + model;
    this.refusal = new Refusal(endpoint, label, clock);
    this.price = price;
    this.messages = messages;
    this.pieces = pieces;
  }

  /** The answer, once the call has returned. */
  ModelAnswer answer() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("The call to " + label + " was cancelled");
    }
    if (failure != null) {
      throw failure;
    }
    FinishReason reason = response == null ? null : response.finishReason();
    if (response == null || (reason == null && !marked)) {
      throw refusal.failure(
          ModelFailure.Kind.CONNECTION, "the stream ended before the answer was complete", null);
    }
    String text = response.aiMessage().text();
    List<ToolUse> calls =
        Conversation.calls(response.aiMessage().toolExecutionRequests(), messages);
    ModelAnswer.Finish finish = finish(reason);
    return new ModelAnswer(
        text == null ? "" : text,
        finish == ModelAnswer.Finish.STOP && !calls.isEmpty() ? ModelAnswer.Finish.TOOL : finish,
        usage(response.tokenUsage()),
        calls);
  }

  /** A provider that counts no tokens leaves the cost unknown, whatever the price. */
  private Usage usage(@Nullable TokenUsage tokens) {
    long sent = tokens == null ? 0 : count(tokens.inputTokenCount());
    long received = tokens == null ? 0 : count(tokens.outputTokenCount());
    boolean counted = sent + received > 0;
    return new Usage(
        label,
        sent,
        received,
        price == null || !counted ? null : price.of(sent, cached(tokens), received));
  }

  private static long cached(@Nullable TokenUsage tokens) {
    return tokens instanceof OpenAiTokenUsage own && own.inputTokensDetails() != null
        ? count(own.inputTokensDetails().cachedTokens())
        : 0;
  }

  /** Whether there is nothing more to read. */
  boolean ended() {
    return failure != null || marked;
  }

  /** Whether the stream's end mark came. */
  boolean whole() {
    return failure == null && marked;
  }

  void read(HttpResponse<?> opened, InputStream body, ServerSentEventListener listener)
      throws IOException {
    String type = opened.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    listener.onOpen(CallingThreadHttp.opened(opened));
    if (type.contains("json")) {
      String whole = new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8);
      if (accepts(null, whole)) {
        listener.onEvent(WholeAnswer.asEvent(whole, refusal));
        marked = true;
      }
    } else if (type.contains("html")) {
      failure =
          refusal.failure(
              ModelFailure.Kind.REJECTED, "it answered with a web page; check its base URL", null);
    } else {
      new EventStream(body, listener, this).read();
    }
    if (failure == null) {
      listener.onClose();
    }
  }

  void refused(HttpResponse<?> response, InputStream body) {
    failure = refusal.of(response, body);
  }

  void broken(IOException cause) {
    if (failure == null) {
      failure = refusal.of(cause);
    }
  }

  /** Whether an event is part of the answer; the end mark is, an error is not. */
  boolean accepts(@Nullable String event, String data) {
    if (data.strip().equals("[DONE]")) {
      marked = true;
      return false;
    }
    if (event != null && event.equals("error") || data.contains("\"error\"")) {
      failure = refusal.inStream(data, "error".equals(event));
    }
    return failure == null;
  }

  @Override
  public void onPartialResponse(String piece) {
    if (failure != null) {
      return;
    }
    if (!grows(piece.length())) {
      return;
    }
    try {
      pieces.accept(piece);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  @Override
  public void onPartialToolCall(PartialToolCall piece) {
    grows(piece.partialArguments().length());
  }

  /** Whether the answer may have so many characters more. */
  private boolean grows(int more) {
    length += more;
    if (length > LONGEST && failure == null) {
      failure =
          refusal.failure(
              ModelFailure.Kind.TOO_LONG,
              "the answer is longer than " + LONGEST + " characters; ask for less",
              null);
    }
    return failure == null;
  }

  @Override
  public void onCompleteResponse(ChatResponse whole) {
    response = whole;
  }

  @Override
  public void onError(Throwable error) {
    if (failure == null) {
      failure =
          refusal.failure(
              ModelFailure.Kind.MALFORMED,
              "what it sent is no chat completion (" + Refusal.firstLine(error) + ")",
              error);
    }
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  private static ModelAnswer.Finish finish(@Nullable FinishReason reason) {
    return switch (reason) {
      case STOP -> ModelAnswer.Finish.STOP;
      case LENGTH -> ModelAnswer.Finish.LENGTH;
      case CONTENT_FILTER -> ModelAnswer.Finish.FILTERED;
      case TOOL_EXECUTION -> ModelAnswer.Finish.TOOL;
      case OTHER -> ModelAnswer.Finish.OTHER;
      case null -> ModelAnswer.Finish.OTHER;
    };
  }
}
