package io.windlass.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls from a provider that is down. After {@value #FAILURES} failures in a row it is open
 * and refuses calls; after a while one call is let through, and decides.
 */
final class Circuit {
  static final int FAILURES = 8;
  static final Duration OPEN = Duration.ofSeconds(20);
  private final InstantSource clock;
  private int failures;
  private boolean trying;
  private @Nullable Instant opened;

  /** What calls may be made. */
  enum State {
    CLOSED("ready"),
    HALF_OPEN("was down and is to be tried again"),
    OPEN("down and left alone for a while");

    private final String told;

    State(String told) {
      this.told = told;
    }

    String told() {
      return told;
    }
  }

  Circuit(InstantSource clock) {
    this.clock = clock;
  }

  synchronized State state() {
    if (opened == null) {
      return State.CLOSED;
    }
    return clock.instant().isBefore(opened.plus(OPEN)) || trying ? State.OPEN : State.HALF_OPEN;
  }

  /** Whether a call may be made; it must then be ended with one of the three methods below. */
  synchronized boolean enter() {
    return switch (state()) {
      case CLOSED -> true;
      case OPEN -> false;
      case HALF_OPEN -> {
        trying = true;
        yield true;
      }
    };
  }

  /** The provider answered, be it with a refusal. */
  synchronized void succeeded() {
    failures = 0;
    trying = false;
    opened = null;
  }

  /** The provider is down. */
  synchronized void failed() {
    failures++;
    if (trying || failures >= FAILURES) {
      opened = clock.instant();
    }
    trying = false;
  }

  /** The call ended without telling anything of the provider. */
  synchronized void left() {
    trying = false;
  }

  /** How long calls are still refused. */
  synchronized Duration rest() {
    Duration rest =
        opened == null ? Duration.ZERO : Duration.between(clock.instant(), opened.plus(OPEN));
    return rest.isNegative() ? Duration.ZERO : rest;
  }
}
