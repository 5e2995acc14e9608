package io.windlass.surface.unified;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.budget.AtCap;
import io.windlass.budget.Budget;
import io.windlass.budget.BudgetDraft;
import io.windlass.budget.Change;
import io.windlass.budget.Standing;
import io.windlass.budget.Unit;
import io.windlass.budget.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/** A budget on the wire; amounts are dollars or tokens, by its unit. */
@JsonNaming(SnakeCaseStrategy.class)
record BudgetJson(
    String id,
    String label,
    @Nullable String owner,
    @Nullable String kind,
    @Nullable String name,
    String unit,
    BigDecimal limit,
    BigDecimal raiseBy,
    String window,
    String atCap,
    @Nullable Current current,
    long waiting,
    String createdBy,
    Instant createdAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<ChangeJson> changes) {

  /** The present window. */
  @JsonNaming(SnakeCaseStrategy.class)
  record Current(
      @Nullable Instant from,
      @Nullable Instant until,
      BigDecimal cap,
      BigDecimal spent,
      BigDecimal reserved,
      BigDecimal remaining) {}

  /** What was decided about it. */
  @JsonNaming(SnakeCaseStrategy.class)
  record ChangeJson(
      String what,
      @Nullable String period,
      @Nullable String execution,
      @Nullable BigDecimal from,
      @Nullable BigDecimal to,
      String by,
      @Nullable String reason,
      Instant at) {}

  static BudgetJson of(Budget one, @Nullable Standing standing, long waiting) {
    Unit unit = one.unit();
    return new BudgetJson(
        one.id().toString(),
        one.label(),
        one.scope().owner(),
        one.scope().kind(),
        one.scope().name(),
        Words.of(unit),
        unit.decimal(one.cap()),
        unit.decimal(one.raiseBy()),
        Words.of(one.window()),
        Words.of(one.atCap()),
        standing == null
            ? null
            : new Current(
                standing.from(),
                standing.until(),
                unit.decimal(standing.cap()),
                unit.decimal(standing.spent()),
                unit.decimal(standing.reserved()),
                unit.decimal(standing.remaining())),
        waiting,
        one.createdBy(),
        one.createdAt(),
        null);
  }

  /** The same, with what was decided about it. */
  BudgetJson with(List<Change> decided) {
    Unit counted = unit.equals(Words.of(Unit.TOKENS)) ? Unit.TOKENS : Unit.USD;
    return new BudgetJson(
        id,
        label,
        owner,
        kind,
        name,
        unit,
        limit,
        raiseBy,
        window,
        atCap,
        current,
        waiting,
        createdBy,
        createdAt,
        decided.stream().map(one -> change(counted, one)).toList());
  }

  private static ChangeJson change(Unit unit, Change one) {
    Long from = one.from();
    Long to = one.to();
    return new ChangeJson(
        one.what(),
        one.period(),
        one.execution() == null ? null : one.execution().toString(),
        from == null ? null : unit.decimal(from),
        to == null ? null : unit.decimal(to),
        one.by(),
        one.reason(),
        one.at());
  }

  /** Reads what a user says of a new budget, or of the fields of a known one to be changed. */
  static BudgetDraft draft(ObjectNode body, boolean isNew) {
    Fields fields = new Fields(body);
    Window window = fields.word("window", Window.class);
    BigDecimal limit = fields.amount("limit");
    if (isNew && fields.any("window") == null) {
      fields.fault("window", "is required: one of " + Words.all(Window.class));
    }
    if (isNew && fields.any("limit") == null) {
      fields.fault("limit", "is required: dollars, or tokens with unit tokens");
    }
    BudgetDraft draft =
        new BudgetDraft(
            fields.text("label"),
            fields.text("owner"),
            fields.text("kind"),
            fields.text("name"),
            fields.word("unit", Unit.class),
            limit,
            fields.amount("raise_by"),
            window,
            fields.word("at_cap", AtCap.class));
    fields.check();
    return draft;
  }
}
