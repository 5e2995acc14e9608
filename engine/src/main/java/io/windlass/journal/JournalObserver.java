package io.windlass.journal;

/** Is told what the journal's writer did, for figures. */
public interface JournalObserver {
  JournalObserver NONE = (_, _) -> {};

  /**
   * A transaction was committed.
   *
   * @param appends how many appends shared it
   * @param nanos how long it took
   */
  void committed(int appends, long nanos);
}
