package io.windlass.budget;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Ids;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Payer;
import io.windlass.model.Toll;
import io.windlass.step.Answer;
import io.windlass.step.EarlyOutcome;
import io.windlass.step.Question;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a model call pass once all budgets that count it have room for what it may take. Where one
 * has not, the step that calls ends its run there: with a question to a person, or failed.
 */
final class BudgetToll implements Toll {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetToll.class);
  private static final String KEY = "budget:";
  private static final int KEPT = 10_000;

  private final KnownBudgets known;
  private final BudgetStore store;
  private final Ledger ledger;
  private final WaitStore waits;
  private final Runs runs;
  private final Surroundings surroundings;
  private final Map<ExecutionId, Origin> origins = new ConcurrentHashMap<>();

  /** Waits that were told of here and have not been answered. */
  private final Set<String> open = ConcurrentHashMap.newKeySet();

  /** Answers that have been carried out here. */
  private final Set<String> settled = ConcurrentHashMap.newKeySet();

  /**
   * @param outputTokens how many tokens an answer is taken to have before it is there
   * @param raised told when a person's answer has made room
   */
  record Surroundings(InstantSource clock, Ids ids, int outputTokens, Runnable raised) {}

  BudgetToll(
      KnownBudgets known,
      BudgetStore store,
      Ledger ledger,
      WaitStore waits,
      Runs runs,
      Surroundings surroundings) {
    this.known = known;
    this.store = store;
    this.ledger = ledger;
    this.waits = waits;
    this.runs = runs;
    this.surroundings = surroundings;
  }

  @Override
  public boolean isOpen() {
    return known.isEmpty();
  }

  @Override
  public Passage enter(Payer payer, Call call) {
    Origin origin = origin(payer);
    int asked = payer instanceof Payer.OfStep(StepContext context) ? heard(context, origin) : 0;
    while (true) {
      Map<UUID, Budget> counting = new HashMap<>();
      List<Ledger.Line> lines = lines(payer, origin, call, asked, counting);
      UUID id = surroundings.ids().next();
      Optional<Ledger.Line> full = lines.isEmpty() ? Optional.empty() : ledger.reserve(id, lines);
      if (full.isEmpty()) {
        forgetWait(payer, asked);
        return new Entered(id, lines, counting, call);
      }
      Ledger.Line line = full.get();
      Budget fresh = store.find(line.budget()).orElse(null);
      if (fresh == null) {
        known.refresh();
        continue;
      }
      throw stopped(
          payer,
          asked,
          new StopQuestion(
              fresh, line.period(), ledger.figures(fresh, line.period()), call, line.amount()));
    }
  }

  private List<Ledger.Line> lines(
      Payer payer, Origin origin, Call call, int asked, Map<UUID, Budget> counting) {
    List<Budget> covering = known.covering(origin);
    Set<UUID> passed =
        covering.isEmpty() || origin.execution() == null
            ? Set.of()
            : ledger.passes(origin.outermost());
    Instant now = surroundings.clock().instant();
    List<Ledger.Line> lines = new ArrayList<>();
    for (Budget budget : covering) {
      String period = budget.window().period(now, origin.root());
      Long need = amount(budget.unit(), call, estimate(call));
      boolean pass = passed.contains(budget.id());
      if (need == null && !pass) {
        throw stopped(
            payer,
            asked,
            new StopQuestion(budget, period, ledger.figures(budget, period), call, null));
      }
      if (need != null && need > 0) {
        lines.add(new Ledger.Line(budget.id(), period, need, pass));
        counting.put(budget.id(), budget);
      }
    }
    return lines;
  }

  private Usage estimate(Call call) {
    int output = surroundings.outputTokens();
    BigDecimal cost = call.price() == null ? null : call.price().of(call.inputTokens(), 0, output);
    return new Usage(call.label(), call.inputTokens(), output, cost);
  }

  /** Null where the price is not known. */
  private static @Nullable Long amount(Unit unit, Call call, Usage usage) {
    return switch (unit) {
      case TOKENS -> usage.inputTokens() + usage.outputTokens();
      case USD -> {
        BigDecimal cost = usage.costUsd();
        if (cost == null && call.price() != null) {
          cost = call.price().of(usage.inputTokens(), 0, usage.outputTokens());
        }
        yield cost == null ? null : unit.amount(cost);
      }
    };
  }

  private Origin origin(Payer payer) {
    return switch (payer) {
      case Payer.OfUser(String name) -> new Origin(name, null, List.of(), "");
      case Payer.OfStep(StepContext context) -> {
        if (origins.size() > KEPT || settled.size() > KEPT) {
          origins.clear();
          settled.clear();
        }
        yield origins.computeIfAbsent(context.execution(), runs::origin);
      }
    };
  }

  /**
   * Does what people have answered this step, for all of the run that it belongs to.
   *
   * @return how many answers there are
   */
  private int heard(StepContext context, Origin origin) {
    int asked = 0;
    for (Optional<Answer> answer = context.answer(KEY + asked);
        answer.isPresent();
        answer = context.answer(KEY + asked)) {
      String key = context.idempotencyKey(KEY + asked);
      Answer given = answer.get();
      // The step is run with the same answers for each of its later calls.
      String once = key + "@" + given.at();
      if (!settled.contains(once)) {
        waits.answered(context.execution(), context.stepId(), key, given, origin.outermost());
        open.remove(key);
        settled.add(once);
        surroundings.raised().run();
      }
      if (given.is(Question.REJECT)) {
        String why = given.reason() == null ? "" : ": " + given.reason();
        String text = "Stopped at a budget by " + given.by() + why;
        throw new EarlyOutcome(new StepOutcome.Failed(text, false), text);
      }
      asked++;
    }
    return asked;
  }

  /** A step that did not ask after all, since another of its calls asked first, waits no more. */
  private void forgetWait(Payer payer, int asked) {
    if (payer instanceof Payer.OfStep(StepContext context) && !open.isEmpty()) {
      String key = context.idempotencyKey(KEY + asked);
      if (open.remove(key)) {
        waits.forget(context.execution(), context.stepId(), key);
      }
    }
  }

  private RuntimeException stopped(Payer payer, int asked, StopQuestion stop) {
    return switch (payer) {
      case Payer.OfUser _ -> new WindlassException(ErrorCode.BUDGET_REACHED, stop.failure());
      case Payer.OfStep(StepContext context) ->
          switch (stop.budget().atCap()) {
            case FAIL ->
                new EarlyOutcome(new StepOutcome.Failed(stop.failure(), false), stop.failure());
            case ASK -> {
              String key = context.idempotencyKey(KEY + asked);
              waits.put(
                  new WaitStore.Waiting(
                      context.execution(),
                      context.stepId(),
                      key,
                      stop.budget().id(),
                      stop.period(),
                      stop.need(),
                      stop.raiseBy(),
                      null),
                  surroundings.clock().instant());
              open.add(key);
              yield new EarlyOutcome(
                  new StepOutcome.Ask(KEY + asked, stop.question(context.stepId())), stop.text());
            }
          };
    };
  }

  /** A call that is under way. */
  private final class Entered implements Passage {
    private final UUID id;
    private final List<Ledger.Line> lines;
    private final Map<UUID, Budget> counting;
    private final Call call;

    Entered(UUID id, List<Ledger.Line> lines, Map<UUID, Budget> counting, Call call) {
      this.id = id;
      this.lines = lines;
      this.counting = counting;
      this.call = call;
    }

    @Override
    public void paid(Usage usage) {
      settle(usage);
    }

    @Override
    public void spared() {
      settle(Usage.NONE);
    }

    private void settle(Usage usage) {
      if (lines.isEmpty()) {
        return;
      }
      List<Long> actual = new ArrayList<>();
      for (Ledger.Line line : lines) {
        Budget budget = counting.get(line.budget());
        Long amount = budget == null ? null : amount(budget.unit(), call, usage);
        actual.add(amount == null ? line.amount() : amount);
      }
      try {
        ledger.settle(id, lines, actual);
      } catch (RuntimeException e) {
        // The answer is there and must not be lost; the reservation stands, and lapses as spent.
        LOG.warn("A call of {} stays counted as it was reserved: {}", call.label(), e.toString());
      }
    }
  }
}
