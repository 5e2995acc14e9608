package io.windlass.execution;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stores the output that running steps have gathered, all of it at every tick. */
final class OutputFlusher {
  private final Set<OutputPieces> gathering = ConcurrentHashMap.newKeySet();

  void add(OutputPieces pieces) {
    gathering.add(pieces);
  }

  void remove(OutputPieces pieces) {
    gathering.remove(pieces);
  }

  void tick() {
    gathering.forEach(OutputPieces::flush);
  }
}
