package io.windlass.surface.chains;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows a child execution on a virtual thread of its own. */
final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private final Follower follower;
  private final Thread thread;

  private Relay(Follower follower, Thread thread) {
    this.follower = follower;
    this.thread = thread;
  }

  /** Tells a child up to its next end. */
  static Relay start(Follower follower) {
    follower.begin();
    return new Relay(
        follower,
        Thread.ofVirtual()
            .name("relay")
            .start(() -> {
              try {
                follower.followOn();
              } catch (IOException e) {
                LOG.debug("the client of a stream has gone", e);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (RuntimeException e) {
                LOG.warn("a child execution cannot be followed", e);
              }
            }));
  }

  /** Waits until all of the child, which has ended, has been written. */
  void drain() throws InterruptedException {
    follower.hearLastWords();
    thread.join();
  }

  /** Waits for the child's end, for a bounded time, and follows it no further. */
  void await(Duration atMost) throws InterruptedException {
    thread.join(atMost);
    stop();
  }

  void stop() {
    follower.stop();
  }
}
