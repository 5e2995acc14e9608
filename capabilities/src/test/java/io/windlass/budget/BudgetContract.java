package io.windlass.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Fork;
import io.windlass.kernel.TimeOrderedIds;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Payer;
import io.windlass.model.Price;
import io.windlass.model.Toll;
import io.windlass.step.EarlyOutcome;
import io.windlass.step.FakeStepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.store.Database;
import java.math.BigDecimal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What budgets hold to, whatever database they are kept in. */
abstract class BudgetContract {
  private static final int OUTPUT = 40;
  private static final Price PRICE =
      new Price(new BigDecimal("1.5"), BigDecimal.ZERO, new BigDecimal("6"));
  private static final Toll.Call CALL = new Toll.Call("openai", "gpt-x", 10, PRICE);
  private final FakeRuns runs = new FakeRuns();
  private Instant now = Instant.parse("2026-03-29T14:59:00Z");
  private final InstantSource clock = () -> now;
  private Database database;
  private Budgets budgets;
  private static final String ANOTHER = "01900000-0000-7000-8000-000000000002";

  private FakeStepContext context = new FakeStepContext();

  abstract Database open();

  @BeforeEach
  void start() {
    database = open();
    budgets = node();
  }

  @AfterEach
  void stop() {
    database.close();
  }

  /** A node of its own on the database; nobody looks there but when told to. */
  private Budgets node() {
    return new Budgets(
        () -> Set.of("chain", "pipeline"),
        () -> database,
        runs,
        clock,
        new TimeOrderedIds(clock, new SecureRandom()),
        OUTPUT);
  }

  @Test
  void neverPassesACapHoweverManyCallAtOnce() throws Exception {
    Budget budget = make("1000", Unit.TOKENS, Window.TOTAL, AtCap.FAIL);
    Budgets other = node();
    other.look();
    AtomicInteger made = new AtomicInteger();
    AtomicInteger stopped = new AtomicInteger();
    List<Long> seen = new ArrayList<>();
    try (Fork<Boolean> fork = Fork.open("call")) {
      for (int i = 0; i < 120; i++) {
        Budgets on = i % 2 == 0 ? budgets : other;
        fork.fork(() -> {
          try {
            Toll.Passage passage = on.toll().enter(new Payer.OfStep(context), CALL);
            Standing standing = on.standing(budget).orElseThrow();
            synchronized (seen) {
              seen.add(standing.spent() + standing.reserved());
            }
            made.incrementAndGet();
            passage.paid(new Usage("m", 9, 35, null));
          } catch (EarlyOutcome e) {
            stopped.incrementAndGet();
          }
          return true;
        });
      }
      fork.join();
    }
    assertThat(seen).allSatisfy(counted -> assertThat(counted).isLessThanOrEqualTo(1000));
    assertThat(made.get()).isBetween(20, 22);
    assertThat(stopped.get()).isEqualTo(120 - made.get());
    Standing standing = budgets.standing(budget).orElseThrow();
    assertThat(standing.spent()).isEqualTo(made.get() * 44L);
    assertThat(standing.reserved()).isZero();
  }

  @Test
  void countsInDecimalsWhatACallReallyConsumed() {
    Budget budget = make("0.001", Unit.USD, Window.DAY, AtCap.FAIL);
    Toll.Passage passage = enter();
    assertThat(shown(budget)).isEqualTo("0 spent, 0.000255 reserved");
    passage.paid(new Usage("m", 3, 2, new BigDecimal("0.0000165")));
    assertThat(shown(budget)).isEqualTo("0.0000165 spent, 0 reserved");
    enter().spared();
    assertThat(shown(budget)).isEqualTo("0.0000165 spent, 0 reserved");
    enter().paid(new Usage("m", 3, 1, null));
    assertThat(shown(budget)).isEqualTo("0.000027 spent, 0 reserved");
  }

  @Test
  void holdsTheNextCallAgainstWhatTheLastOnesReallyConsumed() {
    Budget budget = make("150", Unit.TOKENS, Window.DAY, AtCap.FAIL);
    Toll.Passage first = enter();
    enter().paid(new Usage("m", 9, 2, null));
    // Its estimate was 50 tokens; what it took leaves no room for the estimate of another one.
    first.paid(new Usage("m", 10, 90, null));
    assertThat(shown(budget)).isEqualTo("111 spent, 0 reserved");
    assertStopped("111");
    assertThat(shown(budget)).isEqualTo("111 spent, 0 reserved");
  }

  @Test
  void countsByUserAndDefinition() {
    budgets.create(draft("60", Unit.TOKENS, Window.TOTAL, AtCap.FAIL, "bob", null, null), "x");
    budgets.create(draft("60", Unit.TOKENS, Window.TOTAL, AtCap.FAIL, null, "chain", "b"), "x");
    for (int i = 0; i < 3; i++) {
      enter();
    }
    runs.owner = "bob";
    restart();
    enter();
    assertStopped("user bob");
    runs.owner = "ann";
    runs.line = List.of(new Origin.Running("chain", "a"), new Origin.Running("pipeline", "b"));
    restart();
    enter();
    enter();
    runs.line = List.of(new Origin.Running("chain", "a"), new Origin.Running("chain", "b"));
    restart();
    enter();
    assertStopped("chain b");
  }

  @Test
  void beginsAnewInTheNextWindow() {
    for (Window window : List.of(Window.HOUR, Window.DAY, Window.WEEK, Window.MONTH)) {
      Budget budget = make("60", Unit.TOKENS, window, AtCap.FAIL);
      enter();
      assertStopped("has too little room for a call");
      Instant end = Objects.requireNonNull(budgets.standing(budget).orElseThrow().until());
      assertThat(end).isAfter(now);
      now = end.minusMillis(1);
      assertStopped("has too little room for a call");
      now = end;
      enter();
      budgets.delete(budget.id());
    }
    assertThat(now).isEqualTo(Instant.parse("2026-05-01T00:00:00Z"));
  }

  @Test
  void countsEachExecutionForItself() {
    Budget budget = make("60", Unit.TOKENS, Window.EXECUTION, AtCap.FAIL);
    assertThat(budgets.standing(budget)).isEmpty();
    enter();
    assertStopped("reserved of 60 tokens in this execution;");
    assertStopped("raise its limit with PATCH /v1/budgets/" + budget.id());
    runs.root = ANOTHER;
    restart();
    enter();
    budgets.toll().enter(new Payer.OfUser("ann"), CALL).spared();
  }

  @Test
  void countsAsSpentWhatADeadProcessHadReserved() {
    Budget budget = make("1000", Unit.TOKENS, Window.TOTAL, AtCap.FAIL);
    Toll.Passage late = enter();
    enter();
    now = now.plus(Ledger.LAPSE).minusSeconds(1);
    Budgets other = node();
    other.look();
    Toll.Passage alive = other.toll().enter(new Payer.OfStep(context), CALL);
    now = now.plusSeconds(2);
    other.lapse();
    assertThat(shown(budget)).isEqualTo("100 spent, 50 reserved");
    alive.paid(new Usage("m", 1, 1, null));
    assertThat(shown(budget)).isEqualTo("102 spent, 0 reserved");
    // It was not dead after all, and knows better.
    late.paid(new Usage("m", 1, 1, null));
    assertThat(shown(budget)).isEqualTo("54 spent, 0 reserved");
  }

  @Test
  void countsNoRunAsWaitingThatIsOver() {
    Budget budget = make("60", Unit.TOKENS, Window.DAY, AtCap.ASK);
    waiting(budget, "one");
    waiting(budget, "two");
    assertThat(budgets.waiting(budget)).isEqualTo(2);
    runs.over.add(context.execution());
    assertThat(budgets.waiting(budget)).isZero();
  }

  @Test
  void raisesTheCapOfItsWindowOnceForOneAnswer() {
    Budget budget = make("60", Unit.TOKENS, Window.DAY, AtCap.ASK);
    enter().paid(new Usage("m", 10, 30, null));
    StepOutcome.Ask ask = asked();
    assertThat(ask.question().kind()).isEqualTo("budget");
    assertThat(ask.question().prompt())
        .contains("\"everything\" (60 tokens a day, everything)")
        .contains("40 tokens are spent and 0 tokens reserved of 60 tokens in the window 2026-03-29")
        .contains("a call of openai/gpt-x may take 50 tokens");
    assertThat(ask.question().options())
        .containsExactly("raise by 60 tokens", "allow this execution", "reject");
    assertThat(budgets.waiting(budget)).isEqualTo(1);
    context.answered(ask.key(), "raise by 60 tokens", "go");
    enter().spared();
    restart();
    enter();
    Standing standing = budgets.standing(budget).orElseThrow();
    assertThat(standing.cap()).isEqualTo(120);
    assertThat(budgets.waiting(budget)).isZero();
    Change raised = budgets.changes(budget, 5).getFirst();
    assertThat(raised.what()).isEqualTo("raised");
    assertThat(raised.by()).isEqualTo("ann");
    assertThat(raised.from()).isEqualTo(60);
    assertThat(raised.to()).isEqualTo(120);
    assertThat(budgets.find(budget.id()).orElseThrow().cap()).isEqualTo(60);
    assertThat(asked().key()).isNotEqualTo(ask.key());
  }

  @Test
  void letsOneExecutionPassWithWhatItStarts_andStopsAnother() {
    Budget budget = make("10", Unit.TOKENS, Window.TOTAL, AtCap.ASK);
    context.answered(asked().key(), "allow this execution", null);
    enter().paid(new Usage("m", 30, 30, null));
    enter().spared();
    assertThat(shown(budget)).isEqualTo("60 spent, 0 reserved");
    context = new FakeStepContext();
    runs.execution = ExecutionId.parse(ANOTHER);
    restart();
    enter().spared();
    runs.root = ANOTHER;
    restart();
    context.answered("budget:0", "reject", "too dear");
    assertThatThrownBy(this::enter)
        .isInstanceOfSatisfying(
            EarlyOutcome.class,
            e ->
                assertThat(e.outcome())
                    .isEqualTo(
                        new StepOutcome.Failed("Stopped at a budget by ann: too dear", false)));
  }

  @Test
  void stopsAtAModelWhosePriceIsUnknown() {
    make("5", Unit.USD, Window.TOTAL, AtCap.FAIL);
    Toll.Call unknown = new Toll.Call("openai", "gpt-new", 10, null);
    assertThatThrownBy(() -> budgets.toll().enter(new Payer.OfStep(context), unknown))
        .hasMessageContaining("cannot tell what a call of openai/gpt-new costs")
        .hasMessageContaining("prices.yaml");
    budgets
        .toll()
        .enter(new Payer.OfStep(context), new Toll.Call("offline", "offline", 10, Price.FREE));
    assertThatThrownBy(() -> budgets.toll().enter(new Payer.OfUser("ann"), unknown))
        .isInstanceOf(WindlassException.class);
  }

  @Test
  void letsGoAsManyAsFit() {
    Budget budget = make("50", Unit.TOKENS, Window.DAY, AtCap.ASK);
    enter().paid(new Usage("m", 10, 40, null));
    for (int i = 0; i < 5; i++) {
      waiting(budget, "step" + i);
    }
    budgets.look();
    assertThat(runs.released).isEmpty();
    budgets.update(budget.id(), limit("170"), "boss");
    budgets.look();
    budgets.look();
    assertThat(runs.released).containsExactly("step0", "step1");
    now = now.plus(Duration.ofDays(1));
    budgets.look();
    assertThat(runs.released).containsExactly("step0", "step1", "step2", "step3", "step4");
  }

  @Test
  void letsAllGoWhenTheBudgetIsDeleted() {
    Budget budget = make("1", Unit.TOKENS, Window.DAY, AtCap.ASK);
    asked();
    budgets.delete(budget.id());
    budgets.look();
    assertThat(runs.released).containsExactly("test-step");
    enter().paid(new Usage("m", 1, 1, null));
    assertThat(budgets.toll().isOpen()).isTrue();
  }

  @Test
  void refusesWhatIsNoBudget() {
    assertThatThrownBy(() -> make("0.0000000001", Unit.USD, Window.DAY, AtCap.ASK))
        .hasMessageContaining("at most 9 decimals");
    assertThatThrownBy(() -> make("1.5", Unit.TOKENS, Window.DAY, AtCap.ASK))
        .hasMessageContaining("a whole one");
    assertThatThrownBy(() -> make("1e30", Unit.USD, Window.DAY, AtCap.ASK))
        .hasMessageContaining("from 0 to 1000000000");
    assertThatThrownBy(() ->
            budgets.create(draft("5", Unit.USD, Window.DAY, AtCap.ASK, null, "chian", "a"), "boss"))
        .hasMessage(
            "kind: there is no kind of definition \"chian\": there are chain, pipeline; did you"
                + " mean \"chain\"?");
    Budget budget = make("5", Unit.USD, Window.DAY, AtCap.ASK);
    assertThatThrownBy(() ->
            budgets.update(
                budget.id(), draft(null, Unit.TOKENS, null, null, null, null, null), "boss"))
        .hasMessageContaining("cannot change");
  }

  private void waiting(Budget budget, String step) {
    new WaitStore(() -> database, new BudgetStore(() -> database), () -> new UUID(0, 0))
        .put(
            new WaitStore.Waiting(
                context.execution(), step, "k", budget.id(), "2026-03-29", 50L, 50, null),
            now);
    now = now.plusMillis(1);
  }

  private Budget make(String limit, Unit unit, Window window, AtCap atCap) {
    return budgets.create(draft(limit, unit, window, atCap, null, null, null), "boss");
  }

  private static BudgetDraft limit(String limit) {
    return draft(limit, null, null, null, null, null, null);
  }

  private static BudgetDraft draft(
      @Nullable String limit,
      @Nullable Unit unit,
      @Nullable Window window,
      @Nullable AtCap atCap,
      @Nullable String owner,
      @Nullable String kind,
      @Nullable String name) {
    return new BudgetDraft(
        null,
        owner,
        kind,
        name,
        unit,
        limit == null ? null : new BigDecimal(limit),
        null,
        window,
        atCap);
  }

  private void restart() {
    budgets = node();
    budgets.look();
  }

  private Toll.Passage enter() {
    return budgets.toll().enter(new Payer.OfStep(context), CALL);
  }

  private StepOutcome.Ask asked() {
    EarlyOutcome stop = catchThrowableOfType(EarlyOutcome.class, this::enter);
    assertThat(stop.outcome()).isInstanceOf(StepOutcome.Ask.class);
    return (StepOutcome.Ask) stop.outcome();
  }

  private void assertStopped(String words) {
    assertThatThrownBy(this::enter).isInstanceOf(EarlyOutcome.class).hasMessageContaining(words);
  }

  private String shown(Budget budget) {
    Standing standing = budgets.standing(budget).orElseThrow();
    return "%s spent, %s reserved"
        .formatted(
            budget.unit().decimal(standing.spent()).toPlainString(),
            budget.unit().decimal(standing.reserved()).toPlainString());
  }

  /** One execution, and what was let go. */
  private static final class FakeRuns implements Runs {
    private String owner = "ann";
    private String root = "01900000-0000-7000-8000-000000000001";
    private List<Origin.Running> line = List.of(new Origin.Running("chain", "a"));
    private @Nullable ExecutionId execution;
    private final List<String> released = new CopyOnWriteArrayList<>();
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    private final Set<ExecutionId> over = ConcurrentHashMap.newKeySet();

    @Override
    public Origin origin(ExecutionId id) {
      return new Origin(owner, execution == null ? id : execution, line, root);
    }

    @Override
    public boolean release(ExecutionId id, String step, String key, String why) {
      if (open.add(step)) {
        released.add(step);
        return true;
      }
      return false;
    }

    @Override
    public boolean isOver(ExecutionId id) {
      return over.contains(id);
    }
  }
}
