package io.windlass.browser;

import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/** The browser, or a page in it, gave up; another try may do better unless it was refused. */
final class BrowserFailure extends IOException {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 300;

  private final boolean lasting;

  BrowserFailure(String message, boolean lasting) {
    super(message);
    this.lasting = lasting;
  }

  private BrowserFailure(String message, Throwable cause) {
    super(message, cause);
    this.lasting = false;
  }

  /** Whether it would only happen again. */
  boolean isLasting() {
    return lasting;
  }

  /** A page that does not answer. */
  static BrowserFailure hanging(Duration limit) {
    return new BrowserFailure(
        "The page hangs: it did not answer within %d s".formatted(limit.toSeconds()), false);
  }

  static BrowserFailure of(PlaywrightException e, boolean alive) {
    String message = firstLine(e);
    String lower = message.toLowerCase(Locale.ROOT);
    if (!alive || lower.contains("has been closed") || lower.contains("crashed")) {
      return new BrowserFailure(
          "The browser ended in the middle of its work (%s); the next try starts another"
              .formatted(message),
          e);
    }
    return new BrowserFailure("The browser failed: " + message, e);
  }

  static String firstLine(PlaywrightException e) {
    String message = String.valueOf(e.getMessage()).strip();
    int error = message.indexOf("message='");
    String text = error >= 0 ? message.substring(error + "message='".length()) : message;
    String line = text.lines().findFirst().orElse("").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }
}
