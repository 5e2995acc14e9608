package io.windlass.image;

/** A call that gave no picture. The message is for people and holds no secret. */
final class ImageFailure extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final boolean retryable;

  ImageFailure(String message, boolean retryable) {
    super(message);
    this.retryable = retryable;
  }

  ImageFailure(String message, boolean retryable, Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /** Whether the same call may work later. */
  boolean retryable() {
    return retryable;
  }

  /** The message, which is never null here. */
  String text() {
    return String.valueOf(getMessage());
  }
}
