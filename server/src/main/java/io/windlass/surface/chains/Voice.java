package io.windlass.surface.chains;

import io.windlass.chain.ItemKey;
import io.windlass.journal.Event;
import io.windlass.step.LogLevel;
import io.windlass.step.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the events of an execution are told in a stream: as its own, or, for one that another
 * execution started, as part of that one's.
 */
sealed interface Voice {

  /** The frames that tell an event of a step, apart from its output. */
  List<ObjectNode> tell(Frames frames, Event.OfStep event);

  /** The frame that tells a piece of a step's output. */
  ObjectNode output(Frames frames, String step, String text);

  /** How a child that one of the steps started is told. */
  Voice of(Event.ChildStarted child);

  /**
   * The stream's own execution, or a chain in a pipeline, whose steps are named {@code ref/step}.
   */
  record Direct(String path, boolean pipeline) implements Voice {
    @Override
    public List<ObjectNode> tell(Frames frames, Event.OfStep event) {
      List<ObjectNode> told = new ArrayList<>(2);
      String step = path + event.step();
      switch (event) {
        case Event.StepStarted e ->
            told.add(frames.frame("step_started", step).put("label", e.label()));
        case Event.StepLog e -> told.add(log(frames, step, e.level(), e.message()));
        case Event.StepCacheHit _ -> told.add(frames.frame("step_cache_hit", step));
        case Event.StepRetried e -> told.add(log(frames, step, LogLevel.WARN, retried(e)));
        case Event.StepDone e -> told.add(done(frames, step, e.durationMs(), e.usage()));
        case Event.StepSkipped e -> {
          told.add(log(frames, step, LogLevel.INFO, skipped(e)));
          // A branch that was not chosen never began, so that nothing of it is done.
          if (!e.closed()) {
            told.add(done(frames, step, 0, null));
          }
        }
        case Event.StepFailed e ->
            told.add(frames.frame("step_error", step).put("error", e.error()));
        case Event.ApprovalAsked e ->
            told.add(frames.frame("step_waiting_approval", step).put("prompt", e.prompt()));
        case Event.ApprovalAnswered e -> told.add(decided(frames, step, e));
        case Event.StepOutput _,
            Event.EffectBegun _,
            Event.EffectDone _,
            Event.EffectFailed _,
            Event.ChildStarted _,
            Event.ChildEnded _,
            Event.SleepBegun _,
            Event.SleepEnded _,
            Event.RunAgainAsked _ -> {}
      }
      return told;
    }

    @Override
    public ObjectNode output(Frames frames, String step, String text) {
      return frames.frame("step_output", path + step).put("chunk", text);
    }

    @Override
    public Voice of(Event.ChildStarted child) {
      return pipeline
          ? new Direct(path + child.step() + "/", false)
          : new Within(path + child.step(), mark(child));
    }
  }

  /** A chain that a step of another chain runs: told as output and log lines of that step. */
  record Within(String step, String prefix) implements Voice {
    @Override
    public List<ObjectNode> tell(Frames frames, Event.OfStep event) {
      String name = event.step();
      return switch (event) {
        case Event.StepStarted e -> say(frames, LogLevel.INFO, e.label() + " started");
        case Event.StepLog e -> say(frames, e.level(), name + ": " + e.message());
        case Event.StepCacheHit _ -> say(frames, LogLevel.INFO, name + " served from cache");
        case Event.StepRetried e -> say(frames, LogLevel.WARN, name + ": " + retried(e));
        case Event.StepDone e ->
            say(frames, LogLevel.INFO, name + " done in " + e.durationMs() + " ms");
        case Event.StepSkipped e -> say(frames, LogLevel.INFO, name + ": " + skipped(e));
        case Event.StepFailed e -> say(frames, LogLevel.ERROR, name + " failed: " + e.error());
        case Event.ApprovalAsked e ->
            say(frames, LogLevel.WARN, name + " waits for a decision: " + e.prompt());
        case Event.ApprovalAnswered e -> say(frames, LogLevel.INFO, name + ": " + action(e));
        case Event.StepOutput _,
            Event.EffectBegun _,
            Event.EffectDone _,
            Event.EffectFailed _,
            Event.ChildStarted _,
            Event.ChildEnded _,
            Event.SleepBegun _,
            Event.SleepEnded _,
            Event.RunAgainAsked _ ->
            List.of();
      };
    }

    @Override
    public ObjectNode output(Frames frames, String childStep, String text) {
      return frames.frame("step_output", step).put("chunk", prefix + text);
    }

    @Override
    public Voice of(Event.ChildStarted child) {
      return new Within(step, prefix + mark(child));
    }

    private List<ObjectNode> say(Frames frames, LogLevel level, String message) {
      return List.of(log(frames, step, level, prefix + message));
    }
  }

  /** Which subchain speaks and, in a loop, for which item. */
  private static String mark(Event.ChildStarted child) {
    OptionalInt item = ItemKey.number(child.key());
    return (item.isPresent() ? "[" + item.getAsInt() + "] " : "") + "[sub:" + child.name() + "] ";
  }

  private static ObjectNode log(Frames frames, String step, LogLevel level, String message) {
    return frames
        .frame("step_log", step)
        .put("message", message)
        .put("level", level.name().toLowerCase(Locale.ROOT));
  }

  private static ObjectNode done(
      Frames frames, String step, long durationMs, @Nullable Usage usage) {
    ObjectNode frame = frames.frame("step_done", step).put("durationMs", durationMs);
    if (usage != null && !usage.isNone()) {
      frame.put("inputTokens", usage.inputTokens()).put("outputTokens", usage.outputTokens());
    }
    return frame;
  }

  private static ObjectNode decided(Frames frames, String step, Event.ApprovalAnswered event) {
    ObjectNode frame = frames.frame("gate_action", step).put("action", action(event));
    if (event.reason() != null) {
      frame.put("reason", event.reason());
    } else if (event.expired()) {
      frame.put("reason", "Nobody decided in time");
    }
    return frame;
  }

  private static String action(Event.ApprovalAnswered event) {
    return switch (event.choice()) {
      case null -> "expired";
      case "approve" -> "approved";
      case "reject" -> "rejected";
      case "skip" -> "skipped";
      default -> event.choice();
    };
  }

  private static String retried(Event.StepRetried event) {
    return "Attempt %d failed, next one in %d ms: %s"
        .formatted(event.failedAttempt(), event.delayMs(), event.error());
  }

  private static String skipped(Event.StepSkipped event) {
    return event.reason().startsWith("Skipped") ? event.reason() : "Skipped: " + event.reason();
  }
}
