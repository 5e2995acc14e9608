package io.windlass.model;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Bounds the time of each call. The call runs on a virtual thread of its own, so that the interrupt
 * which ends it can never be mistaken for, or swallow, a cancel of the caller.
 */
final class TimedModel implements LanguageModel {
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private final LanguageModel model;
  private final String label;
  private final Duration standard;
  private final Duration idle;

  /**
   * @param standard for calls that bring no limit of their own
   * @param idle the longest silence within an answer that has begun
   */
  TimedModel(LanguageModel model, String label, Duration standard, Duration idle) {
    this.idle = idle;
    this.model = model;
    this.label = label;
    this.standard = standard;
  }

  @Override
  public ModelAnswer ask(ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    Duration limit = request.timeout() == null ? standard : request.timeout();
    Call call = new Call(request, pieces);
    Thread thread = Thread.ofVirtual().name("model-call").start(call);
    try {
      return call.await(limit);
    } catch (TimeoutException e) {
      call.abandon(thread);
      throw new ModelFailure(ModelFailure.Kind.TIMEOUT, e.getMessage(), 0, null, e);
    } catch (InterruptedException e) {
      call.abandon(thread);
      throw e;
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case InterruptedException interrupted -> throw interrupted;
        case RuntimeException unchecked -> throw unchecked;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private final class Call implements Runnable {
    private final ModelRequest request;
    private final Consumer<String> pieces;
    private final CompletableFuture<ModelAnswer> answer = new CompletableFuture<>();
    private final Pulse pulse = new Pulse();
    private volatile boolean abandoned;

    Call(ModelRequest request, Consumer<String> pieces) {
      this.request = request;
      this.pieces = pieces;
    }

    ModelAnswer await(Duration limit)
        throws InterruptedException, ExecutionException, TimeoutException {
      long end = System.nanoTime() + limit.toNanos();
      while (true) {
        long left = end - System.nanoTime();
        long quiet = idle.toNanos() - pulse.silence();
        try {
          return answer.get(Math.max(0, Math.min(left, quiet)), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          if (end - System.nanoTime() <= 0) {
            throw new TimeoutException(
                "%s gave no whole answer within %d ms; raise timeout_ms or choose a faster model"
                    .formatted(label, limit.toMillis()));
          }
          if (pulse.silence() >= idle.toNanos()) {
            throw new TimeoutException(
                "%s fell silent for %d ms in the middle of its answer; raise models.idle_timeout_ms if it thinks for so long"
                    .formatted(label, idle.toMillis()));
          }
        }
      }
    }

    @Override
    public void run() {
      try {
        answer.complete(
            ScopedValue.where(Pulse.CURRENT, pulse).call(() -> model.ask(request, this::pass)));
      } catch (Throwable e) {
        answer.completeExceptionally(e);
      }
    }

    private void pass(String piece) {
      if (!abandoned) {
        pieces.accept(piece);
      }
    }

    /** Ends the call and waits until its connection is closed, though not for ever. */
    void abandon(Thread thread) {
      abandoned = true;
      thread.interrupt();
      try {
        thread.join(FAREWELL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
