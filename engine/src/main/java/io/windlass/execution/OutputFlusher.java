package io.windlass.execution;

/** Asks output that is gathered to be stored, some time later. */
@FunctionalInterface
interface OutputFlusher {
  void later(OutputPieces pieces);
}
