package io.windlass.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A model call that gave no whole answer. The message is for people and holds no secret. */
public final class ModelFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** What went wrong, and whether the same call may work later. */
  public enum Kind {
    /** 401 or 403: the key is wrong or may not do this. */
    UNAUTHENTICATED(false),
    /** 404: no such model or no such path. */
    UNKNOWN_MODEL(false),
    /** Another 4xx, or a redirect: the request will never be accepted as it is. */
    REJECTED(false),
    /** The account's money or quota is used up. */
    QUOTA(false),
    /** 429: too many requests or tokens just now. */
    RATE_LIMITED(true),
    /** 5xx, or an error that the provider sent within its answer. */
    SERVER(true),
    /** No connection could be made, or the program could not be started. */
    UNREACHABLE(true),
    /** The connection broke before the answer was whole. */
    CONNECTION(true),
    /** It was down a moment ago, and was not asked. */
    PAUSED(true),
    /** No whole answer in time. */
    TIMEOUT(true),
    /** What came is not an answer in the expected format. */
    MALFORMED(true),
    /** The answer was longer than is accepted. */
    TOO_LONG(false),
    /** The script has no answer for the prompt. */
    UNSCRIPTED(false);

    private final boolean retryable;

    Kind(boolean retryable) {
      this.retryable = retryable;
    }
  }

  private final Kind kind;
  private final int status;
  private final @Nullable Duration retryAfter;

  public ModelFailure(Kind kind, String message) {
    this(kind, message, 0, null, null);
  }

  ModelFailure(
      Kind kind,
      @Nullable String message,
      int status,
      @Nullable Duration retryAfter,
      @Nullable Throwable cause) {
    super(message == null ? kind.name() : message, cause);
    this.kind = kind;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the same call may work later. */
  public boolean retryable() {
    return kind.retryable;
  }

  /** The HTTP status, or 0 when there was none. */
  public int status() {
    return status;
  }

  /** How long the provider asks to wait. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** The message, which is never null here. */
  public String text() {
    String message = getMessage();
    return message == null ? kind.name() : message;
  }

  /**
   * Whether the call may have to be paid: what was refused costs nothing, what was cut off has been
   * worked on.
   *
   * @param heard whether a part of the answer came
   */
  boolean mayHaveCost(boolean heard) {
    return heard || kind == Kind.TIMEOUT;
  }

  /** What an HTTP status means; {@code quota} tells that a 429 will not pass by waiting. */
  static Kind kindOf(int status, boolean quota) {
    return switch (status) {
      case 401, 403 -> Kind.UNAUTHENTICATED;
      case 404 -> Kind.UNKNOWN_MODEL;
      case 408, 425 -> Kind.TIMEOUT;
      case 409 -> Kind.SERVER;
      case 429 -> quota ? Kind.QUOTA : Kind.RATE_LIMITED;
      default -> status >= 500 ? Kind.SERVER : Kind.REJECTED;
    };
  }
}
