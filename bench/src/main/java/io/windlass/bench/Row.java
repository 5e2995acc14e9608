package io.windlass.bench;

/** One row of the table: something that is measured, and the goal for it. */
interface Row {
  /** As {@code --only} names it. */
  String name();

  /** In words, for the table. */
  String what();

  /** Measures; every process that it starts has ended when it returns or throws. */
  Result measure(Bench bench) throws Exception;
}
