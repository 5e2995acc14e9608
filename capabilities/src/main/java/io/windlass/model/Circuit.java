package io.windlass.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls from a provider, or from one of its models, that is down. After {@value #FAILURES}
 * failures in a row it is open and refuses calls; after a while one call is let through, and
 * decides.
 */
final class Circuit {
  static final int FAILURES = 8;
  static final Duration OPEN = Duration.ofSeconds(20);

  /** A provider that wants to be left alone for longer is tried again all the same. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final InstantSource clock;
  private int failures;
  private boolean trying;
  private @Nullable Instant until;
  private String reason = "";

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
    if (until == null) {
      return State.CLOSED;
    }
    return clock.instant().isBefore(until) || trying ? State.OPEN : State.HALF_OPEN;
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

  /** There was an answer, be it a refusal. */
  synchronized void succeeded() {
    failures = 0;
    trying = false;
    until = null;
  }

  /**
   * It is down, or takes no more calls.
   *
   * @param what the failure, for people
   * @param pause how long it asks to be left alone; null when it does not say
   */
  synchronized void failed(String what, @Nullable Duration pause) {
    failures++;
    reason = what;
    if (trying || failures >= FAILURES) {
      Duration longer = pause == null || pause.compareTo(OPEN) < 0 ? OPEN : pause;
      until = clock.instant().plus(longer.compareTo(LONGEST) > 0 ? LONGEST : longer);
    }
    trying = false;
  }

  /** What the last failure was. */
  synchronized String reason() {
    return reason;
  }

  /** The call ended without telling anything. */
  synchronized void left() {
    trying = false;
  }

  /** How long calls are still refused. */
  synchronized Duration rest() {
    Duration rest = until == null ? Duration.ZERO : Duration.between(clock.instant(), until);
    return rest.isNegative() ? Duration.ZERO : rest;
  }
}
