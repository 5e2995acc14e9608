package io.windlass.surface.chains;

import io.windlass.http.Sse;
import io.windlass.kernel.Json;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the frames of one stream, which several threads feed. Each carries the number up to which
 * the client has seen the journal: only the last frame of an entry carries that entry's own.
 */
final class Frames {
  private final ReentrantLock lock = new ReentrantLock();
  private final Sse sse;
  private final String executionId;
  private long number;

  Frames(Sse sse, String executionId) {
    this.sse = sse;
    this.executionId = executionId;
  }

  /** A frame to whose type and execution the caller adds the rest. */
  ObjectNode frame(String type) {
    return Json.object().put("type", type).put("executionId", executionId);
  }

  ObjectNode frame(String type, String stepId) {
    return frame(type).put("stepId", stepId);
  }

  void send(ObjectNode frame) throws IOException {
    lock.lock();
    try {
      sse.send(null, frame.toString(), number == 0 ? null : Long.toString(number));
    } finally {
      lock.unlock();
    }
  }

  /** Sends the frame that completes an entry. */
  void sendLast(ObjectNode frame, long entryNumber) throws IOException {
    lock.lock();
    try {
      number = entryNumber;
      sse.send(null, frame.toString(), Long.toString(number));
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of an entry that is complete without a frame of its own. */
  void passed(long entryNumber) {
    lock.lock();
    try {
      number = entryNumber;
    } finally {
      lock.unlock();
    }
  }

  void heartbeat() throws IOException {
    lock.lock();
    try {
      sse.comment("heartbeat");
    } finally {
      lock.unlock();
    }
  }
}
