package io.windlass.step;

/**
 * Something that a step does to the world at most once.
 *
 * @param key unique among the effects of one visit of one step, and the same at every replay
 * @param what what it does, in words for a person who must settle it
 * @param onRecovery how it is settled when it was interrupted
 */
public record Effect(String key, String what, OnRecovery onRecovery) {

  /** An effect that may be repeated; no intent is written for it before it runs. */
  public static Effect repeatable(String key, String what) {
    return new Effect(key, what, new OnRecovery.Repeat());
  }

  /** An effect that only a person may repeat once it was interrupted. */
  public static Effect asking(String key, String what) {
    return new Effect(key, what, new OnRecovery.Ask());
  }
}
