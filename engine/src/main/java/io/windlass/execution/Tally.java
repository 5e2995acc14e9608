package io.windlass.execution;

/**
 * How executions ended.
 *
 * @param total all of them, those that have not ended too
 * @param averageMs of those that succeeded, from acceptance to the end; 0 when none did
 */
public record Tally(long total, long succeeded, long failed, long cancelled, double averageMs) {
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0);

  /** Both together. */
  public Tally plus(Tally other) {
    long well = succeeded + other.succeeded;
    return new Tally(
        total + other.total,
        well,
        failed + other.failed,
        cancelled + other.cancelled,
        well == 0 ? 0 : (averageMs * succeeded + other.averageMs * other.succeeded) / well);
  }

  /** The part, from 0 to 1, of those that came to an end of their own; 0 when none did. */
  public double successRate() {
    long ended = succeeded + failed;
    return ended == 0 ? 0 : (double) succeeded / ended;
  }
}
