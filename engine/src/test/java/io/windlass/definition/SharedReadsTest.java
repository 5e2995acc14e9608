package io.windlass.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Fork;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SharedReadsTest {
  private final AtomicInteger stored = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void readsAnewForEverybodyWhoAsksAfterTheOtherHasItsAnswer() {
    SharedReads<Integer> shared = new SharedReads<>(_ -> stored.get());
    assertThat(shared.get("a")).isZero();
    stored.set(1);
    assertThat(shared.get("a")).isEqualTo(1);
  }

  @Test
  void givesNobodyAnAnswerOlderThanTheQuestion() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SharedReads<Integer> shared =
        new SharedReads<>(_ -> {
          int seen = stored.get();
          if (reads.getAndIncrement() == 0) {
            reading.countDown();
            waitFor(goOn);
          }
          return seen;
        });
    Callable<Integer> early = () -> shared.get("a");
    Callable<Integer> late =
        () -> {
          reading.await();
          stored.set(7);
          goOn.countDown();
          return shared.get("a");
        };
    try (Fork<Integer> fork = Fork.open("asker")) {
      fork.fork(early);
      fork.fork(late);
      assertThat(fork.join()).containsExactly(0, 7);
    }
  }

  @Test
  void letsManyWhoWaitedForOneReadShareTheNext() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    SharedReads<Integer> shared =
        new SharedReads<>(_ -> {
          if (reads.getAndIncrement() == 0) {
            reading.countDown();
            waitFor(goOn);
          }
          return stored.get();
        });
    List<Thread> askers =
        IntStream.range(0, 50)
            .mapToObj(_ -> Thread.ofVirtual().unstarted(() -> shared.get("a")))
            .toList();
    askers.getFirst().start();
    reading.await();
    askers.stream().skip(1).forEach(Thread::start);
    while (askers.stream().skip(1).anyMatch(asker -> asker.getState() != Thread.State.WAITING)) {
      Thread.onSpinWait();
    }
    goOn.countDown();
    for (Thread asker : askers) {
      asker.join();
    }
    assertThat(reads).hasValue(2);
  }

  @Test
  void keepsAFailureToTheOneWhoReads() {
    SharedReads<Integer> shared =
        new SharedReads<>(_ -> {
          if (reads.getAndIncrement() == 0) {
            throw new IllegalStateException("down");
          }
          return 1;
        });
    assertThatThrownBy(() -> shared.get("a")).hasMessage("down");
    assertThat(shared.get("a")).isEqualTo(1);
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
