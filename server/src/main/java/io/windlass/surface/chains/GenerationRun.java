package io.windlass.surface.chains;

import io.windlass.generation.ChainGenerator;
import io.windlass.generation.Generation;
import io.windlass.generation.GenerationListener;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/** One round of a generation under way on this node, and the frames that tell it. */
final class GenerationRun implements GenerationListener {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationRun.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<ObjectNode> frames = new ArrayList<>();
  private boolean over;
  private @Nullable Generation result;
  private @Nullable RuntimeException failure;

  /** Runs on a thread of its own, so that a client that leaves does not end it. */
  static GenerationRun start(ChainGenerator.Conversation conversation) {
    var run = new GenerationRun();
    run.tell(frame("start").put("sessionId", conversation.session()));
    Thread.ofVirtual().name("generation").start(() -> run.run(conversation));
    return run;
  }

  private void run(ChainGenerator.Conversation conversation) {
    try {
      Generation generation = conversation.run(this);
      end(told(generation), generation, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(
          new WindlassException(
              ErrorCode.SHUTTING_DOWN, "The server is stopping: try again soon."));
    } catch (ModelFailure e) {
      fail(new WindlassException(ErrorCode.STEP_FAILED, e.text(), e));
    } catch (WindlassException e) {
      // The contract knows 500 for a generation that failed.
      fail(
          e.code().category() == ErrorCategory.UPSTREAM
              ? new WindlassException(ErrorCode.STEP_FAILED, e.text(), e)
              : e);
    } catch (RuntimeException e) {
      LOG.error("a generation broke", e);
      fail(e);
    }
  }

  private void fail(RuntimeException why) {
    String text = why instanceof WindlassException known ? known.text() : "Internal error";
    end(frame("error").put("error", text), null, why);
  }

  private void end(
      ObjectNode last, @Nullable Generation generation, @Nullable RuntimeException why) {
    lock.lock();
    try {
      result = generation;
      failure = why;
      frames.add(last);
      frames.add(frame("done"));
      over = true;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void text(String piece) {
    tell(frame("text").put("text", piece));
  }

  @Override
  public void progress(String message) {
    tell(frame("progress").put("message", message));
  }

  private void tell(ObjectNode frame) {
    lock.lock();
    try {
      frames.add(frame);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isOver() {
    lock.lock();
    try {
      return over;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the end. */
  Generation await() throws InterruptedException {
    lock.lock();
    try {
      while (!over) {
        grown.await();
      }
      if (failure != null) {
        throw failure;
      }
      return Objects.requireNonNull(result);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Frames from a number on, as soon as there are some.
   *
   * @return none when the time is over first; null when there will be no more
   */
  @Nullable List<ObjectNode> after(int number, Duration atMost) throws InterruptedException {
    long left = atMost.toNanos();
    lock.lock();
    try {
      while (frames.size() <= number && !over && left > 0) {
        left = grown.awaitNanos(left);
      }
      return frames.size() <= number && over
          ? null
          : List.copyOf(frames.subList(Math.min(number, frames.size()), frames.size()));
    } finally {
      lock.unlock();
    }
  }

  static ObjectNode frame(String type) {
    return Json.object().put("type", type);
  }

  /** The frame that tells what came of it: the body that a plain request is answered, typed. */
  static ObjectNode told(Generation generation) {
    ObjectNode frame =
        frame(
            switch (generation) {
              case Generation.Questions _ -> "questions";
              case Generation.Created _ -> "created";
            });
    GenerationRoutes.body(generation)
        .properties()
        .forEach(e -> frame.set(e.getKey(), e.getValue()));
    return frame;
  }
}
