package io.windlass.budget;

/** What becomes of a step whose model call does not fit its budget any more. */
public enum AtCap {
  /** It waits for a person to raise the cap, for room in the window, or for the next one. */
  ASK,
  /** It fails. */
  FAIL
}
