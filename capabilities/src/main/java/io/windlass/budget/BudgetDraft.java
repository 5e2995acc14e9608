package io.windlass.budget;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What a user says of a budget. Of a new one, what is left out is anybody's, {@code ASK}, and a
 * raise by the whole limit; of a known one it stays, and only label, limit, raise and what happens
 * at the cap can change.
 *
 * @param limit in dollars or tokens
 */
public record BudgetDraft(
    @Nullable String label,
    @Nullable String owner,
    @Nullable String kind,
    @Nullable String name,
    @Nullable Unit unit,
    @Nullable BigDecimal limit,
    @Nullable BigDecimal raiseBy,
    @Nullable Window window,
    @Nullable AtCap atCap) {}
