package io.windlass.model;

/** When something was last heard within a call; written by its thread, read by who bounds it. */
final class Pulse {
  /** That of the call that the thread is in. */
  static final ScopedValue<Pulse> CURRENT = ScopedValue.newInstance();

  private volatile long heard;
  private volatile boolean begun;

  /** Something came. */
  static void beat() {
    if (CURRENT.isBound()) {
      Pulse pulse = CURRENT.get();
      pulse.heard = System.nanoTime();
      pulse.begun = true;
    }
  }

  /** How long nothing came, in nanoseconds; 0 before the first. */
  long silence() {
    return begun ? System.nanoTime() - heard : 0;
  }
}
