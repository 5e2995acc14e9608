package io.windlass.cli;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Follows one execution to its end, over as many connections as that takes. */
final class RunWatch {
  private static final Set<String> GOOD = Set.of("done", "succeeded");
  private static final Set<String> BAD = Set.of("error", "skipped", "failed", "cancelled");
  private static final long FIRST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 3_000;

  private final Http http;
  private final String streamPath;
  private final String recordPath;
  private final long patienceMs;
  private final Consumer<String> notes;
  private final CountDownLatch left = new CountDownLatch(1);
  private final Replay replay = new Replay();
  private @Nullable String lastId;
  private long pause = FIRST_PAUSE_MS;
  private volatile @Nullable EventStream current;

  /**
   * @param streamPath where the events are
   * @param recordPath where the record is
   * @param after the id of the event after which it is told; null for the beginning
   * @param patienceMs how long the server may be away
   * @param notes told of lost and found connections
   */
  RunWatch(
      Http http,
      String streamPath,
      String recordPath,
      @Nullable String after,
      long patienceMs,
      Consumer<String> notes) {
    this.http = http;
    this.streamPath = streamPath;
    this.recordPath = recordPath;
    this.lastId = after;
    this.patienceMs = patienceMs;
    this.notes = notes;
  }

  static boolean hasEnded(JsonNode record) {
    String status = Documents.text(record, "status");
    return GOOD.contains(status) || BAD.contains(status);
  }

  static boolean hasSucceeded(JsonNode record) {
    return GOOD.contains(Documents.text(record, "status"));
  }

  /** Makes {@link #follow} return; from any thread. */
  void leave() {
    left.countDown();
    EventStream stream = current;
    if (stream != null) {
      // Closing can wait for the reader, so it gets a thread of its own.
      Thread.ofPlatform().daemon().start(() -> closeQuietly(stream));
    }
  }

  /**
   * Tells each event and returns the record of the ended execution; empty when {@link #leave} was
   * called before.
   */
  Optional<JsonNode> follow(EventSink sink) {
    pause = FIRST_PAUSE_MS;
    long lostAt = 0;
    while (hasNotLeft()) {
      try {
        Optional<JsonNode> record = connect(sink, lostAt != 0);
        if (record.isPresent()) {
          return record;
        }
        lostAt = 0;
      } catch (CliException e) {
        boolean settled = !e.isUnreachable() && e.status() < 500;
        if (settled || (lostAt != 0 && millis() - lostAt > patienceMs)) {
          throw e;
        }
        if (lostAt == 0) {
          lostAt = millis();
          if (hasNotLeft()) {
            notes.accept("connection lost, trying again …");
          }
        }
      }
      rest(pause);
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
    }
    return Optional.empty();
  }

  private Optional<JsonNode> connect(EventSink sink, boolean again) {
    boolean heard = false;
    try (EventStream stream = new EventStream(http.stream(streamPath, lastId))) {
      current = stream;
      if (lastId == null) {
        replay.restart();
      } else {
        replay.forget();
      }
      if (again) {
        notes.accept("connected again");
      }
      for (String data = stream.next(); data != null; data = stream.next()) {
        heard = true;
        lastId = stream.lastId() == null ? lastId : stream.lastId();
        Optional<JsonNode> record = tell(data, sink);
        if (record.isPresent()) {
          return record;
        }
      }
    } catch (IOException e) {
      if (!heard) {
        throw http.unreachable(e);
      }
    } finally {
      current = null;
    }
    if (!hasNotLeft()) {
      return Optional.empty();
    }
    // The stream ended or broke without an ending: perhaps that was the only thing lost.
    JsonNode record = http.get(recordPath);
    if (!hasEnded(record)) {
      return Optional.empty();
    }
    sink.accept(ending(record), record);
    return Optional.of(record);
  }

  /** Tells the event; the record when that was the end. */
  private Optional<JsonNode> tell(String data, EventSink sink) {
    JsonNode frame;
    try {
      frame = Documents.read(data);
    } catch (JacksonException e) {
      notes.accept("an event that is no JSON was left out: " + Wording.line(data, 80));
      return Optional.empty();
    }
    RunEvent event = RunEvent.of(frame);
    if (event instanceof RunEvent.Succeeded || event instanceof RunEvent.Failed) {
      // After a resume the history holds the ending before it: the record knows better.
      JsonNode record = http.get(recordPath);
      if (!hasEnded(record)) {
        return Optional.empty();
      }
      sink.accept(event, frame);
      return Optional.of(record);
    }
    replay
        .fresh(event)
        .ifPresent(fresh -> {
          pause = FIRST_PAUSE_MS;
          sink.accept(fresh, frame);
        });
    return Optional.empty();
  }

  private static RunEvent ending(JsonNode record) {
    return hasSucceeded(record)
        ? new RunEvent.Succeeded(
            Documents.text(record, "result"),
            Documents.number(record, record.has("duration_ms") ? "duration_ms" : "durationMs"))
        : new RunEvent.Failed(Documents.text(record, "error"));
  }

  private void rest(long millis) {
    try {
      boolean _ = left.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      left.countDown();
    }
  }

  private boolean hasNotLeft() {
    return left.getCount() > 0;
  }

  private static long millis() {
    return System.nanoTime() / 1_000_000;
  }

  private static void closeQuietly(EventStream stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // It was about to be forgotten anyway.
      return;
    }
  }

  /** Takes what the stream tells: the event, and the frame as it came. */
  interface EventSink {
    void accept(RunEvent event, JsonNode frame);
  }
}
