package io.windlass.model;

import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.model.anthropic.AnthropicTokenUsage;
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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One request and its answer; confined to the calling thread. The first failure is kept. */
final class Exchange implements StreamingChatResponseHandler {
  /** The longest accepted answer, in characters. */
  static final int LONGEST = 5_000_000;

  private static final Pattern REFUSED = Pattern.compile("\"stop_reason\"\\s*:\\s*\"refusal\"");

  private final String label;
  private final Refusal refusal;
  private final @Nullable Price price;
  private final int messages;
  private final Consumer<String> pieces;
  private @Nullable RuntimeException failure;
  private final StringBuilder text = new StringBuilder();
  private List<ToolUse> calls = List.of();
  private Tokens tokens = Tokens.NONE;
  private ModelAnswer.@Nullable Finish finish;
  private boolean completed;
  private boolean marked;
  private boolean refused;
  private final NamelessCalls nameless = new NamelessCalls();
  private String latest = "";
  private long length;

  /**
   * What the provider counted.
   *
   * @param sent all tokens sent, the cached ones among them
   * @param cached those sent that were in the provider's cache
   * @param priceable whether all of them have the usual prices
   */
  record Tokens(long sent, long cached, long received, boolean priceable) {
    static final Tokens NONE = new Tokens(0, 0, 0, true);
  }

  /**
   * @param price what the model costs; null when that is not known
   * @param messages how many the request has
   */
  Exchange(
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
    if (!completed || (finish == null && !marked)) {
      throw refusal.failure(
          ModelFailure.Kind.CONNECTION, "the stream ended before the answer was complete", null);
    }
    if (finish == null && text.isEmpty() && calls.isEmpty()) {
      throw refusal.failure(
          ModelFailure.Kind.MALFORMED, "its answer has no choices; check its base URL", null);
    }
    List<ToolUse> asked = Conversation.calls(calls, messages);
    ModelAnswer.Finish reason =
        refused ? ModelAnswer.Finish.FILTERED : finish == null ? ModelAnswer.Finish.OTHER : finish;
    return new ModelAnswer(
        text.toString(),
        reason == ModelAnswer.Finish.STOP && !asked.isEmpty() ? ModelAnswer.Finish.TOOL : reason,
        usage(),
        asked);
  }

  /** A provider that counts no tokens leaves the cost unknown, whatever the price. */
  private Usage usage() {
    boolean known = price != null && tokens.priceable() && tokens.sent() + tokens.received() > 0;
    return new Usage(
        label,
        tokens.sent(),
        tokens.received(),
        known && price != null
            ? price.of(tokens.sent(), tokens.cached(), tokens.received())
            : null);
  }

  private static Tokens tokens(@Nullable TokenUsage counted) {
    if (counted == null) {
      return Tokens.NONE;
    }
    long sent = count(counted.inputTokenCount());
    long received = count(counted.outputTokenCount());
    return switch (counted) {
      case OpenAiTokenUsage own when own.inputTokensDetails() != null ->
          new Tokens(sent, count(own.inputTokensDetails().cachedTokens()), received, true);
      case AnthropicTokenUsage own -> {
        // What is read from the cache and written to it is not among the tokens sent; writing has
        // a price of its own, which depends on how long it is to be kept.
        long read = count(own.cacheReadInputTokens());
        long written = count(own.cacheCreationInputTokens());
        yield new Tokens(sent + read + written, read, received, written == 0);
      }
      default -> new Tokens(sent, 0, received, true);
    };
  }

  /** Whether there is nothing more to read. */
  boolean ended() {
    return failure != null || marked;
  }

  /** Whether the stream's end mark came. */
  boolean whole() {
    return failure == null && marked;
  }

  void read(HttpResponse.ResponseInfo opened, InputStream body, ServerSentEventListener listener)
      throws IOException {
    String type = opened.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    listener.onOpen(CallingThreadHttp.opened(opened));
    if (type.contains("ndjson")) {
      new EventStream(body, listener, this, EventStream.Framing.LINES).read();
    } else if (type.contains("json")) {
      String whole = new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8);
      if (accepts(null, whole)) {
        String event = named(WholeAnswer.asEvent(whole, refusal));
        listener.onEvent(new ServerSentEvent(null, event));
        marked = true;
      }
    } else if (type.contains("html")) {
      failure =
          refusal.failure(
              ModelFailure.Kind.REJECTED, "it answered with a web page; check its base URL", null);
    } else {
      new EventStream(body, listener, this, EventStream.Framing.EVENTS).read();
    }
    if (failure == null) {
      listener.onClose();
    }
  }

  void refused(HttpResponse.ResponseInfo response, InputStream body) {
    failure = refusal.of(response, body);
  }

  void broken(IOException cause) {
    if (failure == null) {
      failure = refusal.of(cause);
    }
  }

  /** Whether an event is part of the answer; the end mark is, an error is not. */
  boolean accepts(@Nullable String event, String data) {
    latest = data;
    if (data.strip().equals("[DONE]")) {
      marked = true;
      return false;
    }
    if (event != null && event.equals("error") || data.contains("\"error\"")) {
      failure = refusal.inStream(data, "error".equals(event));
    }
    if ("message_stop".equals(event)) {
      marked = true;
    }
    if ("message_delta".equals(event) && REFUSED.matcher(data).find()) {
      refused = true;
    }
    return failure == null;
  }

  /** The data of an event in which every tool call has a name. */
  String named(String data) {
    return nameless.named(data);
  }

  @Override
  public void onPartialResponse(String piece) {
    if (failure != null || piece.isEmpty()) {
      return;
    }
    if (!grows(piece.length())) {
      return;
    }
    text.append(piece);
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

  /** What came is no answer; another attempt may bring one. */
  void malformed(String why) {
    if (failure == null) {
      failure = refusal.failure(ModelFailure.Kind.MALFORMED, why, null);
    }
  }

  void tooLong(long bytes) {
    failure =
        refusal.failure(
            ModelFailure.Kind.TOO_LONG,
            "it sent more than " + bytes + " bytes without an end; ask for less",
            null);
  }

  /** Whether the answer may have so many characters more. */
  boolean grows(int more) {
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
    FinishReason reason = whole.finishReason();
    complete(
        reason == null ? null : finish(reason),
        tokens(whole.tokenUsage()),
        whole.aiMessage().toolExecutionRequests().stream()
            .map(call -> new ToolUse(shown(call.id()), shown(call.name()), shown(call.arguments())))
            .toList());
  }

  private static String shown(@Nullable String text) {
    return text == null ? "" : text;
  }

  /**
   * Takes what is known at the end of an answer, but for its text.
   *
   * @param reason null when the provider gave none
   */
  void complete(ModelAnswer.@Nullable Finish reason, Tokens counted, List<ToolUse> askedFor) {
    completed = true;
    finish = reason;
    tokens = counted;
    calls = List.copyOf(askedFor);
  }

  /** Nothing more of the stream is wanted. */
  void end() {
    marked = true;
  }

  @Override
  public void onError(Throwable error) {
    if (failure == null) {
      failure =
          refusal.failure(
              ModelFailure.Kind.MALFORMED,
              Refusal.unreadable(latest, error)
                  + "; ask again, and if that does not help check its base URL and api",
              error);
    }
  }

  private static long count(@Nullable Integer tokens) {
    return tokens == null ? 0 : tokens;
  }

  private static ModelAnswer.Finish finish(FinishReason reason) {
    return switch (reason) {
      case STOP -> ModelAnswer.Finish.STOP;
      case LENGTH -> ModelAnswer.Finish.LENGTH;
      case CONTENT_FILTER -> ModelAnswer.Finish.FILTERED;
      case TOOL_EXECUTION -> ModelAnswer.Finish.TOOL;
      case OTHER -> ModelAnswer.Finish.OTHER;
    };
  }
}
