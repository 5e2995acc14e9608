package io.windlass.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Structured fan-out on virtual threads: fork tasks, join them all, and none outlives the {@code
 * try} block that opened the fork. The first failure, an interruption or a time-out interrupts the
 * tasks that still run. Used by the one thread that opened it.
 *
 * @param <T> what the tasks return
 */
public final class Fork<T> implements AutoCloseable {
  private final String name;
  private final ScopedValue.@Nullable Carrier bindings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Thread> threads = new ArrayList<>();
  private final List<@Nullable T> results = new ArrayList<>();
  private int running;
  private boolean cancelled;
  private @Nullable Throwable failure;

  private Fork(String name, ScopedValue.@Nullable Carrier bindings) {
    this.name = name;
    this.bindings = bindings;
  }

  /**
   * Opens a fork.
   *
   * @param name what its threads are called
   */
  public static <T> Fork<T> open(String name) {
    return new Fork<>(name, null);
  }

  /** Opens a fork whose tasks see these scoped values, which virtual threads do not inherit. */
  public static <T> Fork<T> open(String name, ScopedValue.Carrier bindings) {
    return new Fork<>(name, bindings);
  }

  /** Starts a task on a virtual thread of its own; after a failure it is not started. */
  public void fork(Callable<? extends T> task) {
    lock.lock();
    try {
      int index = results.size();
      results.add(null);
      if (cancelled) {
        return;
      }
      Runnable body = () -> run(index, task);
      ScopedValue.Carrier carrier = bindings;
      Thread thread =
          Thread.ofVirtual()
              .name(name + "-" + index)
              .unstarted(carrier == null ? body : () -> carrier.run(body));
      threads.add(thread);
      running++;
      thread.start();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for every task.
   *
   * @return their results in the order of their forking
   * @throws InterruptedException when the waiting thread is interrupted; the tasks are, too
   * @throws Exception the first failure of a task, as it was thrown, once all tasks have ended
   */
  public List<T> join() throws Exception {
    return await(Long.MAX_VALUE);
  }

  /**
   * Waits for every task, but no longer than this.
   *
   * @throws TimeoutException when time is up; the tasks have been interrupted and have ended
   * @throws Exception as {@link #join()} does
   */
  public List<T> join(Duration longest) throws Exception {
    return await(TimeUnit.NANOSECONDS.convert(longest));
  }

  /** Interrupts what still runs and waits until it has ended. */
  @Override
  public void close() {
    cancel();
    boolean interrupted = false;
    lock.lock();
    try {
      while (running > 0) {
        try {
          changed.await();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private List<T> await(long nanos) throws Exception {
    boolean late = false;
    try {
      late = !settle(nanos);
    } finally {
      close();
    }
    Throwable thrown = failure;
    switch (thrown) {
      case null -> {}
      case Exception e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(thrown);
    }
    if (late) {
      throw new TimeoutException();
    }
    List<T> all = new ArrayList<>(results.size());
    for (T result : results) {
      all.add(result);
    }
    return all;
  }

  /** Whether all tasks ended, or one failed, in time. */
  private boolean settle(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (running > 0 && failure == null) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void run(int index, Callable<? extends T> task) {
    @Nullable T result = null;
    Throwable thrown = null;
    try {
      result = task.call();
    } catch (Throwable t) { // handed to the joining thread as it is
      thrown = t;
    }
    lock.lock();
    try {
      results.set(index, result);
      if (thrown != null && failure == null && !cancelled) {
        failure = thrown;
      }
      running--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void cancel() {
    lock.lock();
    try {
      cancelled = true;
      threads.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }
}
