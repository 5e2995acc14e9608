package io.windlass.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ForkTest {
  private static final ScopedValue<String> OWNER = ScopedValue.newInstance();

  @Test
  void runsTasksTogetherAndGivesTheirResultsInOrder() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    try (Fork<Integer> fork = Fork.open("test")) {
      for (int i = 0; i < 3; i++) {
        int number = i;
        fork.fork(() -> {
          together.await(10, TimeUnit.SECONDS);
          return number;
        });
      }
      assertThat(fork.join()).containsExactly(0, 1, 2);
    }
  }

  @Test
  void givesNothingForNoTasks() throws Exception {
    try (Fork<String> fork = Fork.open("test")) {
      assertThat(fork.join()).isEmpty();
    }
  }

  @Test
  void cancelsTheRestAtTheFirstFailureAndThrowsItAsItWas() {
    AtomicBoolean interrupted = new AtomicBoolean();
    IOException trouble = new IOException("broken");
    CountDownLatch waiting = new CountDownLatch(1);
    assertThatThrownBy(
            () -> {
              try (Fork<String> fork = Fork.open("test")) {
                fork.fork(() -> waitForever(waiting, interrupted));
                fork.fork(() -> {
                  waiting.await();
                  throw trouble;
                });
                fork.join();
              }
            })
        .isSameAs(trouble);
    assertThat(interrupted).isTrue();
  }

  @Test
  void passesAnErrorOn() {
    assertThatThrownBy(
            () -> {
              try (Fork<String> fork = Fork.open("test")) {
                fork.fork(() -> {
                  throw new StackOverflowError("deep");
                });
                fork.join();
              }
            })
        .isInstanceOf(StackOverflowError.class)
        .hasMessage("deep");
  }

  @Test
  void passesAnInterruptionOnAndWaitsForTheTasksToEnd() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch waiting = new CountDownLatch(1);
    Thread joining =
        Thread.ofVirtual()
            .start(() -> {
              try (Fork<String> fork = Fork.open("test")) {
                fork.fork(() -> waitForever(waiting, interrupted));
                fork.join();
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    waiting.await();
    joining.interrupt();
    joining.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(interrupted).isTrue();
  }

  @Test
  void interruptsTheTasksWhenTimeIsUp() {
    AtomicBoolean interrupted = new AtomicBoolean();
    assertThatThrownBy(
            () -> {
              try (Fork<String> fork = Fork.open("test")) {
                fork.fork(() -> waitForever(new CountDownLatch(1), interrupted));
                fork.join(Duration.ofMillis(20));
              }
            })
        .isInstanceOf(TimeoutException.class);
    assertThat(interrupted).isTrue();
  }

  @Test
  void leavesNoTaskBehind_whenTheBlockIsLeftWithoutJoining() throws Exception {
    AtomicBoolean interrupted = new AtomicBoolean();
    CountDownLatch waiting = new CountDownLatch(1);
    try (Fork<String> fork = Fork.open("test")) {
      fork.fork(() -> waitForever(waiting, interrupted));
      waiting.await();
    }
    assertThat(interrupted).isTrue();
  }

  @Test
  void bindsScopedValuesInEachTask() throws Exception {
    try (Fork<String> fork = Fork.open("test", ScopedValue.where(OWNER, "someone"))) {
      fork.fork(OWNER::get);
      fork.fork(OWNER::get);
      assertThat(fork.join()).isEqualTo(List.of("someone", "someone"));
    }
  }

  private static String waitForever(CountDownLatch waiting, AtomicBoolean interrupted)
      throws InterruptedException {
    waiting.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      interrupted.set(true);
      throw e;
    }
  }
}
