package io.windlass.budget;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Ids;
import io.windlass.kernel.Nearest;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Toll;
import io.windlass.store.Database;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The budgets of a server, shared by all nodes on its database. */
public final class Budgets implements AutoCloseable {
  /** How many tokens an answer is taken to have while it is not there. */
  public static final int OUTPUT_TOKENS = 4_096;

  private static final int LONGEST_WORD = 500;
  private final BudgetStore store;
  private final KnownBudgets known;
  private final Ledger ledger;
  private final WaitStore waits;
  private final BudgetWatch watch;
  private final BudgetToll toll;
  private final InstantSource clock;
  private final Ids ids;
  private final Supplier<Set<String>> kinds;
  private final Runs runs;

  /**
   * @param kinds the kinds of definition that there are
   * @param database asked when it is needed, since what calls models is built before it is opened
   * @param outputTokens how many tokens an answer is taken to have while it is not there
   */
  public Budgets(
      Supplier<Set<String>> kinds,
      Supplier<Database> database,
      Runs runs,
      InstantSource clock,
      Ids ids,
      int outputTokens) {
    this.kinds = kinds;
    this.runs = runs;
    this.clock = clock;
    this.ids = ids;
    this.store = new BudgetStore(database);
    this.known = new KnownBudgets(store);
    this.ledger = new Ledger(database, clock, ids.next());
    this.waits = new WaitStore(database, store, ids);
    this.watch = new BudgetWatch(known, store, ledger, waits, runs, clock);
    this.toll =
        new BudgetToll(
            known,
            store,
            ledger,
            waits,
            runs,
            new BudgetToll.Surroundings(clock, ids, outputTokens, watch::poke));
  }

  /** What every model call is to go through. */
  public Toll toll() {
    return toll;
  }

  /** Begins to count; to be called before anything runs. */
  public void start() {
    known.refresh();
    watch.start();
  }

  /** The oldest first. */
  public List<Budget> list() {
    return store.all();
  }

  public Optional<Budget> find(UUID id) {
    return store.find(id);
  }

  /**
   * Makes one.
   *
   * @throws WindlassException INVALID_INPUT naming what is missing, unknown or out of range
   */
  public Budget create(BudgetDraft draft, String by) {
    Window window = draft.window();
    BigDecimal limit = draft.limit();
    if (window == null || limit == null) {
      throw WindlassException.invalid("A budget needs a limit and a window");
    }
    if (draft.name() != null && draft.kind() == null) {
      throw WindlassException.invalid(
          "name: a definition is named with its kind: send kind, as \"chain\", too");
    }
    checkKind(draft.kind());
    Unit unit = draft.unit() == null ? Unit.USD : draft.unit();
    long cap = unit.cap("limit", limit);
    Budget.Scope scope =
        new Budget.Scope(
            word("owner", draft.owner()), word("kind", draft.kind()), word("name", draft.name()));
    String label = word("label", draft.label());
    Budget made =
        new Budget(
            ids.next(),
            label == null ? scope.words() : label,
            scope,
            unit,
            cap,
            draft.raiseBy() == null ? cap : unit.cap("raise_by", draft.raiseBy()),
            window,
            draft.atCap() == null ? AtCap.ASK : draft.atCap(),
            by,
            now());
    store.insert(made, new Change("created", null, null, null, cap, by, null, now()), ids.next());
    known.refresh();
    return made;
  }

  /** A budget for a kind that does not exist would count nothing. */
  private void checkKind(@Nullable String given) {
    String kind = word("kind", given);
    Set<String> known = new TreeSet<>(kinds.get());
    if (kind != null && !known.contains(kind)) {
      throw WindlassException.invalid(
          "kind: there is no kind of definition \"%s\": there are %s%s"
              .formatted(kind, String.join(", ", known), Nearest.hint(kind, known)));
    }
  }

  /**
   * Changes what the draft has; steps that wait for the budget and fit now go on.
   *
   * @throws WindlassException BUDGET_NOT_FOUND; INVALID_INPUT for what cannot change or is out of
   *     range
   */
  public Budget update(UUID id, BudgetDraft draft, String by) {
    Budget before = find(id).orElseThrow(() -> unknown(id.toString()));
    if (draft.owner() != null
        || draft.kind() != null
        || draft.name() != null
        || draft.unit() != null
        || draft.window() != null) {
      throw WindlassException.invalid(
          "owner, kind, name, unit and window of a budget cannot change, since what was counted would not fit: delete it and make another one");
    }
    Unit unit = before.unit();
    String label = word("label", draft.label());
    Budget after =
        new Budget(
            id,
            label == null ? before.label() : label,
            before.scope(),
            unit,
            draft.limit() == null ? before.cap() : unit.cap("limit", draft.limit()),
            raiseBy(before, draft),
            before.window(),
            draft.atCap() == null ? before.atCap() : draft.atCap(),
            before.createdBy(),
            before.createdAt());
    boolean moved = before.cap() != after.cap();
    Change change =
        new Change(
            "changed",
            null,
            null,
            moved ? before.cap() : null,
            moved ? after.cap() : null,
            by,
            null,
            now());
    if (!store.update(after, change, ids.next())) {
      throw unknown(id.toString());
    }
    watch.poke();
    known.refresh();
    return after;
  }

  /** A raise by the whole limit stays one when the limit changes. */
  private static long raiseBy(Budget before, BudgetDraft draft) {
    Unit unit = before.unit();
    if (draft.raiseBy() != null) {
      return unit.cap("raise_by", draft.raiseBy());
    }
    return draft.limit() != null && before.raiseBy() == before.cap()
        ? unit.cap("limit", draft.limit())
        : before.raiseBy();
  }

  /**
   * Deletes one; steps that wait for it go on.
   *
   * @throws WindlassException BUDGET_NOT_FOUND
   */
  public void delete(UUID id) {
    if (!store.delete(id)) {
      throw unknown(id.toString());
    }
    watch.poke();
    known.refresh();
  }

  /** How a budget stands now; empty for one that counts each execution for itself. */
  public Optional<Standing> standing(Budget budget) {
    if (budget.window() == Window.EXECUTION) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Ledger.Figures figures = ledger.figures(budget, budget.window().period(now, ""));
    return Optional.of(
        new Standing(
            budget.window().from(now),
            budget.window().until(now),
            figures.cap(),
            figures.spent(),
            figures.reserved()));
  }

  /** How many steps wait for a budget. */
  public long waiting(Budget budget) {
    // What ended while it waited is forgotten by the watch a little later.
    return waits.waiting(budget.id()).entrySet().stream()
        .filter(one -> !runs.isOver(one.getKey()))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** What was decided about a budget, the latest first. */
  public List<Change> changes(Budget budget, int limit) {
    return store.changes(budget.id(), limit);
  }

  /** That there is no such budget. */
  public static WindlassException unknown(String id) {
    return new WindlassException(
        ErrorCode.BUDGET_NOT_FOUND,
        "No budget has the id '" + id + "': GET /v1/budgets lists them");
  }

  /** Reads what has changed and lets those go on who fit; the watch does it all the time. */
  void look() {
    watch.look();
  }

  /** Counts as spent what processes have reserved that are gone; the watch does it now and then. */
  void lapse() {
    ledger.lapse();
  }

  private static @Nullable String word(String field, @Nullable String given) {
    if (given == null || given.isBlank()) {
      return null;
    }
    if (given.length() > LONGEST_WORD) {
      throw WindlassException.invalid(
          "%s: has %d characters; at most %d are taken"
              .formatted(field, given.length(), LONGEST_WORD));
    }
    return given.strip();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public void close() {
    watch.close();
  }
}
