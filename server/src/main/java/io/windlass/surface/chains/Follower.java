package io.windlass.surface.chains;

import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.journal.Tail;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows one execution to its end and writes what it sees as frames. Children that its steps start
 * are followed beside it, and drained before their parent step, or all of it, is told to have
 * ended; those of the past are told one after the other, each where it ended. A child that is
 * resumed with its parent goes on where it had ended. Of the past each step's output is told in one
 * piece.
 */
final class Follower {
  static final Duration HEARTBEAT = Duration.ofSeconds(30);
  private static final int STRAGGLERS = 100;
  private static final int PAGE = 500;
  private static final String FROM_CHECKPOINT =
      "Done before the resume: its result comes from a checkpoint";

  /** How soon a follower that is told to stop finds out. */
  private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

  private final Executions executions;
  private final Frames frames;
  private final ExecutionId id;
  private final Voice voice;
  private final boolean outermost;
  private final Outputs outputs = new Outputs();
  private final FollowedChildren children;

  private final Set<String> relayed = new HashSet<>();
  private final Set<String> done = new LinkedHashSet<>();
  private final Awaiting awaiting = new Awaiting();
  private @Nullable Instant startedAt;

  /** The journal number that it has come to. */
  private long reached;

  /** Whether it has read all there was: until then it tells the past. */
  private boolean caughtUp;

  private volatile boolean stopped;
  private volatile boolean lastWords;

  Follower(Executions executions, Frames frames, ExecutionId id, Voice voice, boolean outermost) {
    this.executions = executions;
    this.frames = frames;
    this.id = id;
    this.voice = voice;
    this.outermost = outermost;
    this.children =
        new FollowedChildren(
            child -> new Follower(executions, frames, child.child(), voice.of(child), false));
  }

  /**
   * Writes everything after that journal number, up to the end of the execution. What comes before
   * is read, too: it tells how much of each output the client has.
   */
  void follow(long after) throws IOException, InterruptedException {
    try (Tail tail = executions.tail(id, reached)) {
      boolean ended = false;
      caughtUp = false;
      while (!ended && !stopped) {
        // Who began and has not ended when there is no more to read runs now.
        boolean reading = !caughtUp || children.anyUnheard();
        Optional<Tail.Seen> seen =
            tail.next(reading ? Duration.ZERO : outermost ? HEARTBEAT : STOP_WITHIN);
        if (seen.isEmpty() && reading) {
          tellKept();
          caughtUp = true;
          children.relay();
          continue;
        }
        if (seen.isEmpty()) {
          if (outermost) {
            frames.heartbeat();
          }
          ended = lastWords;
          continue;
        }
        switch (seen.get()) {
          case Tail.Recorded(Entry entry) -> {
            ended = recorded(entry, entry.number() <= after);
            reached = entry.number();
          }
          case Tail.Live(Event.StepOutput piece) -> live(piece);
        }
      }
    } finally {
      children.stop();
    }
  }

  /** Forgets that it was told to end. */
  void begin() {
    stopped = false;
    lastWords = false;
  }

  /**
   * The same for an execution that another one waits for, from where it came to, to its next end.
   */
  void followOn() throws IOException, InterruptedException {
    follow(reached);
  }

  /** Takes in, and does not write, what there is up to the next end: the client has it. */
  void passOver() throws IOException, InterruptedException {
    List<Entry> page;
    do {
      page = executions.entries(id, reached, PAGE);
      for (Entry entry : page) {
        var _ = recorded(entry, true);
        reached = entry.number();
        if (isEnd(entry.event())) {
          return;
        }
      }
    } while (!page.isEmpty());
  }

  /**
   * Tells a follower on another thread to end soon. An interrupt would end it at once, and with it
   * the database connection that it may be reading from.
   */
  void stop() {
    stopped = true;
  }

  /** Tells a follower on another thread that its execution has ended: nothing more will come. */
  void hearLastWords() {
    lastWords = true;
  }

  private void live(Event.StepOutput piece) throws IOException {
    if (!caughtUp) {
      tellKept();
      caughtUp = true;
    }
    String text = outputs.now(piece, true);
    if (!text.isEmpty()) {
      frames.send(voice.output(frames, piece.step(), text));
    }
  }

  /** Tells what steps have said so far that had not ended when there was no more to read. */
  private void tellKept() throws IOException {
    for (Map.Entry<String, String> kept : outputs.kept().entrySet()) {
      frames.send(voice.output(frames, kept.getKey(), kept.getValue()));
    }
    passed(reached);
  }

  /** True when this is the end. */
  private boolean recorded(Entry entry, boolean known) throws IOException, InterruptedException {
    Event event = entry.event();
    if (event instanceof Event.ExecutionStarted) {
      startedAt = entry.at();
    }
    if (isEnd(event)) {
      children.finish(known);
      tellKept();
    }
    // One that another execution waits for is followed to the end of this try.
    boolean end = isEnd(event) && (outermost ? !goesOnAfter(entry.number()) : !known);
    List<ObjectNode> said =
        event instanceof Event.OfStep ofStep
            ? step(ofStep, entry.number(), known)
            : execution(entry, end);
    if (known && !end) {
      passed(entry.number());
      return false;
    }
    for (int i = 0; i < said.size() - 1; i++) {
      frames.send(said.get(i));
    }
    if (said.isEmpty()) {
      passed(entry.number());
    } else if (outermost) {
      frames.sendLast(said.getLast(), outputs.seen(entry.number()));
    } else {
      frames.send(said.getLast());
    }
    return end;
  }

  private void passed(long number) {
    if (outermost) {
      frames.passed(outputs.seen(number));
    }
  }

  private List<ObjectNode> step(Event.OfStep event, long number, boolean known)
      throws IOException, InterruptedException {
    awaiting.heard(event);
    boolean past = !known && !caughtUp;
    return switch (event) {
      case Event.StepStarted e -> {
        outputs.begin(e.step());
        done.remove(e.step());
        yield voice.tell(frames, e);
      }
      case Event.StepOutput e -> {
        if (past) {
          outputs.keep(e, number);
          yield List.of();
        }
        yield output(e.step(), outputs.now(e, false));
      }
      case Event.StepRetried e -> {
        outputs.retried(e);
        yield voice.tell(frames, e);
      }
      case Event.StepDone e -> {
        done.add(e.step());
        // The children of a step have told its output.
        boolean told = relayed.contains(e.step());
        List<ObjectNode> said = output(e.step(), told ? outputs.kept(e.step()) : "");
        String text = past ? outputs.doneBefore(e) : outputs.done(e);
        said.addAll(output(e.step(), told ? "" : text));
        said.addAll(voice.tell(frames, e));
        yield said;
      }
      case Event.ChildStarted e -> {
        children.started(e);
        relayed.add(e.step());
        yield List.of();
      }
      case Event.ChildEnded e -> {
        children.ended(e.child(), known);
        yield List.of();
      }
      case Event.StepFailed _, Event.StepSkipped _ -> {
        List<ObjectNode> said = output(event.step(), outputs.kept(event.step()));
        said.addAll(voice.tell(frames, event));
        yield said;
      }
      default -> voice.tell(frames, event);
    };
  }

  private List<ObjectNode> output(String step, String text) {
    List<ObjectNode> said = new ArrayList<>(3);
    if (!text.isEmpty()) {
      said.add(voice.output(frames, step, text));
    }
    return said;
  }

  private List<ObjectNode> execution(Entry entry, boolean end) {
    if (entry.event() instanceof Event.ExecutionTaken taken && taken.reset()) {
      return resumed();
    }
    if (!outermost) {
      return List.of();
    }
    return switch (entry.event()) {
      case Event.ExecutionStarted e -> List.of(started(e.kind(), e.name()));
      // An end that was followed by a resume is history, not the end.
      case Event.ExecutionSucceeded e when end ->
          List.of(
              frames
                  .frame("execution_done")
                  .put("result", Json.show(e.result()))
                  .put("durationMs", since(entry.at())));
      case Event.ExecutionFailed e when end ->
          List.of(frames.frame("execution_error").put("error", e.error()));
      case Event.ExecutionCancelled _ when end ->
          List.of(frames.frame("execution_error").put("error", Words.CANCELLED));
      default -> List.of();
    };
  }

  /**
   * A resume begins the stream anew, with a word on each step that will not run again, and the
   * beginning of each that goes on.
   */
  private List<ObjectNode> resumed() {
    List<ObjectNode> said = new ArrayList<>();
    if (outermost) {
      var execution = executions.get(id);
      said.add(started(execution.kind(), execution.name()));
    }
    for (String step : done) {
      said.addAll(voice.tell(frames, new Event.StepLog(step, LogLevel.INFO, FROM_CHECKPOINT)));
    }
    for (Event.StepStarted step : awaiting.steps()) {
      said.addAll(voice.tell(frames, step));
    }
    return said;
  }

  private ObjectNode started(String kind, String name) {
    return frames.frame("execution_started").put("chainName", Words.chainName(kind, name));
  }

  private long since(Instant end) {
    return startedAt == null ? 0 : Duration.between(startedAt, end).toMillis();
  }

  /** Whether an end was followed by a resume; a straggler's last words after it are none. */
  private boolean goesOnAfter(long end) {
    return executions.entries(id, end, STRAGGLERS).stream()
        .anyMatch(entry -> entry.event() instanceof Event.ExecutionTaken);
  }

  /** Whether the end of an ended execution comes after that number. */
  static boolean endsAfter(Executions executions, ExecutionId id, long number) {
    List<Entry> rest = executions.entries(id, number, STRAGGLERS + 1);
    return rest.size() > STRAGGLERS || rest.stream().anyMatch(entry -> isEnd(entry.event()));
  }

  private static boolean isEnd(Event event) {
    return event instanceof Event.ExecutionSucceeded
        || event instanceof Event.ExecutionFailed
        || event instanceof Event.ExecutionCancelled;
  }
}
