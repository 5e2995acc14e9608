package io.windlass.model;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@link OpenAiStub} answers to one request.
 *
 * @param status the HTTP status; anything but 200 sends {@code raw} as the body
 * @param headers further response headers
 * @param pieces the answer's text as it is streamed
 * @param deltas what is streamed after the text, as the format's {@code delta} objects
 * @param raw sent in place of an event stream; null for a stream
 * @param contentType of {@code raw}
 * @param inputTokens in the usage chunk; negative sends no usage chunk
 * @param outputTokens in the usage chunk
 * @param finish the finish reason; null sends none
 * @param delayMs before the response head
 * @param pieceDelayMs before each piece
 * @param ending how the response ends
 */
public record StubReply(
    int status,
    Map<String, String> headers,
    List<String> pieces,
    List<String> deltas,
    @Nullable String raw,
    String contentType,
    int inputTokens,
    int outputTokens,
    @Nullable String finish,
    long delayMs,
    long pieceDelayMs,
    Ending ending) {

  /** How a response ends after its pieces. */
  public enum Ending {
    /** Finish reason, usage, end mark. */
    COMPLETE,
    /** The connection is closed with the chunked body unfinished. */
    DROP,
    /** The body is finished without finish reason and end mark. */
    CUT,
    /** An event that is no JSON comes in place of the rest. */
    GARBAGE,
    /** An error object comes in place of the rest. */
    ERROR,
    /** Nothing more comes until the client closes the connection. */
    HANG
  }

  /** A streamed answer in these pieces, with usage 11 and 7. */
  public static StubReply text(String... pieces) {
    return new StubReply(
        200, Map.of(), List.of(pieces), List.of(), null, "", 11, 7, "stop", 0, 0, Ending.COMPLETE);
  }

  /** An answer that asks for tools, streamed in these {@code delta} objects. */
  public static StubReply calls(String... deltas) {
    return new StubReply(
        200,
        Map.of(),
        List.of(),
        List.of(deltas),
        null,
        "",
        11,
        7,
        "tool_calls",
        0,
        0,
        Ending.COMPLETE);
  }

  /** A refusal in OpenAI's error format. */
  public static StubReply refusal(int status, String message) {
    String body =
        "{\"error\":{\"message\":\"%s\",\"type\":\"stub\",\"code\":null}}".formatted(message);
    return body(status, "application/json", body);
  }

  /** Any body as it is. */
  public static StubReply body(int status, String contentType, String body) {
    return new StubReply(
        status,
        Map.of(),
        List.of(),
        List.of(),
        body,
        contentType,
        0,
        0,
        null,
        0,
        0,
        Ending.COMPLETE);
  }

  public StubReply header(String name, String value) {
    return new StubReply(
        status,
        Map.of(name, value),
        pieces,
        deltas,
        raw,
        contentType,
        inputTokens,
        outputTokens,
        finish,
        delayMs,
        pieceDelayMs,
        ending);
  }

  public StubReply tokens(int input, int output) {
    return streamed(input, output, finish, ending);
  }

  public StubReply finish(@Nullable String reason) {
    return streamed(inputTokens, outputTokens, reason, ending);
  }

  public StubReply ending(Ending how) {
    return streamed(inputTokens, outputTokens, finish, how);
  }

  private StubReply streamed(int input, int output, @Nullable String reason, Ending how) {
    return new StubReply(
        status,
        headers,
        pieces,
        deltas,
        raw,
        contentType,
        input,
        output,
        reason,
        delayMs,
        pieceDelayMs,
        how);
  }

  /** Waits before the head and before each piece, in milliseconds. */
  public StubReply slow(long beforeHead, long beforePiece) {
    return new StubReply(
        status,
        headers,
        pieces,
        deltas,
        raw,
        contentType,
        inputTokens,
        outputTokens,
        finish,
        beforeHead,
        beforePiece,
        ending);
  }
}
