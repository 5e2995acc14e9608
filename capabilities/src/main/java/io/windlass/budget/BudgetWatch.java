package io.windlass.budget;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, twice a second on every node, whether budgets have changed and whether those who wait for
 * one fit by now: since a cap was raised, a call cost less than it might have, or a new window has
 * begun. It looks at how things stand and not at what happened, so nothing that makes room can be
 * missed; it lets go no more at a time than there is room for.
 */
final class BudgetWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int SLOW = 30;
  private static final int VERY_SLOW = 7_200;
  private static final int AT_ONCE = 500;
  private static final Duration KEPT = Duration.ofDays(400);

  /** So long the room for one who was let go is kept from others. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(10);

  private final KnownBudgets known;
  private final BudgetStore store;
  private final Ledger ledger;
  private final WaitStore waits;
  private final Runs runs;
  private final InstantSource clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("budgets").daemon().factory());
  private int ticks;

  BudgetWatch(
      KnownBudgets known,
      BudgetStore store,
      Ledger ledger,
      WaitStore waits,
      Runs runs,
      InstantSource clock) {
    this.known = known;
    this.store = store;
    this.ledger = ledger;
    this.waits = waits;
    this.runs = runs;
    this.clock = clock;
  }

  void start() {
    thread.scheduleWithFixedDelay(this::tick, 0, PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks at once. */
  void poke() {
    try {
      thread.execute(() -> guarded(this::look));
    } catch (RejectedExecutionException e) {
      LOG.debug("nobody looks any more", e);
    }
  }

  private void tick() {
    guarded(this::look);
    ticks++;
    if (ticks % SLOW == 1) {
      guarded(ledger::renew);
      guarded(ledger::lapse);
      guarded(this::forgetEnded);
    }
    if (ticks % VERY_SLOW == 1) {
      guarded(() -> ledger.forget(clock.instant().minus(KEPT)));
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      if (thread.isShutdown()) {
        LOG.debug("a look at budgets was cut short", e);
      } else {
        LOG.warn("Budgets are looked at again soon: {}", e.toString());
      }
    }
  }

  /** Reads the budgets, and lets those go on who fit. */
  void look() {
    known.refresh();
    letGo();
  }

  /** One at a time, so that the same room is not given away twice on this node. */
  private synchronized void letGo() {
    for (UUID id : waits.budgets()) {
      Budget budget = store.find(id).orElse(null);
      if (budget == null) {
        waits.of(id, AT_ONCE).forEach(one -> release(one, "the budget was deleted"));
      } else {
        release(budget, waits.of(id, AT_ONCE));
      }
    }
  }

  private void release(Budget budget, List<WaitStore.Waiting> waiting) {
    Instant now = clock.instant();
    Map<String, Long> room = new HashMap<>();
    for (WaitStore.Waiting one : waiting) {
      Long need = one.need();
      if (need == null) {
        continue;
      }
      String period = budget.window().period(now, one.period());
      long left = room.computeIfAbsent(period, name -> ledger.figures(budget, name).room());
      if (isOnItsWay(one.wokenAt(), now)
          || (one.wokenAt() == null
              && need <= left
              && release(one, "there is room in the budget again"))) {
        room.put(period, left - need);
      }
    }
  }

  private static boolean isOnItsWay(@Nullable Instant wokenAt, Instant now) {
    return wokenAt != null && wokenAt.plus(ON_ITS_WAY).isAfter(now);
  }

  private boolean release(WaitStore.Waiting one, String why) {
    if (one.wokenAt() != null) {
      return false;
    }
    boolean released = runs.release(one.execution(), one.step(), one.key(), why);
    if (released) {
      waits.woken(one, clock.instant());
    }
    return released;
  }

  private void forgetEnded() {
    waits.executions().stream().filter(runs::isOver).forEach(waits::forget);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
