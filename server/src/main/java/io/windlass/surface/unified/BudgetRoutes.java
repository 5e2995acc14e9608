package io.windlass.surface.unified;

import io.javalin.http.Context;
import io.windlass.budget.Budget;
import io.windlass.budget.Budgets;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.UUID;

/** {@code /v1/budgets}: hard caps on what model calls cost. */
final class BudgetRoutes {
  private static final int CHANGES = 50;
  private final Budgets budgets;

  BudgetRoutes(Budgets budgets) {
    this.budgets = budgets;
  }

  void declare(Routes routes) {
    String prefix = routes.prefix();
    routes
        .get("/v1/budgets", this::list)
        .post("/v1/budgets", context -> create(context, prefix))
        .get("/v1/budgets/{id}", this::get)
        .patch("/v1/budgets/{id}", this::update)
        .delete("/v1/budgets/{id}", this::delete);
  }

  private void list(Context context) {
    Query query = new Query(context);
    int limit = query.limit();
    query.check();
    List<Budget> mine = budgets.list().stream().filter(one -> sees(context, one)).toList();
    context.json(
        PageJson.cut(mine, one -> one.id().toString(), query.cursor(), limit, this::shown));
  }

  private void create(Context context, String prefix) {
    admit(context);
    Budget made =
        budgets.create(BudgetJson.draft(RequestBody.object(context), true), Access.user(context));
    context.status(201).header("Location", prefix + "/v1/budgets/" + made.id()).json(shown(made));
  }

  private void get(Context context) {
    Budget one = find(context);
    context.json(shown(one).with(budgets.changes(one, CHANGES)));
  }

  private void update(Context context) {
    admit(context);
    Budget one = find(context);
    context.json(
        shown(
            budgets.update(
                one.id(),
                BudgetJson.draft(RequestBody.object(context), false),
                Access.user(context))));
  }

  private void delete(Context context) {
    admit(context);
    budgets.delete(find(context).id());
    context.status(204);
  }

  private BudgetJson shown(Budget one) {
    return BudgetJson.of(one, budgets.standing(one).orElse(null), budgets.waiting(one));
  }

  private Budget find(Context context) {
    String id = context.pathParam("id");
    try {
      return budgets
          .find(UUID.fromString(id))
          .filter(found -> sees(context, found))
          .orElseThrow(() -> Budgets.unknown(id));
    } catch (IllegalArgumentException e) {
      throw Budgets.unknown(id);
    }
  }

  /** A user sees what bounds that user alone. */
  private static boolean sees(Context context, Budget one) {
    String owner = one.scope().owner();
    return Access.seesAll(context) || (owner != null && Access.sees(context, owner));
  }

  private static void admit(Context context) {
    if (!Access.seesAll(context)) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN, "Budgets are made and changed by who runs the server: ask them");
    }
  }
}
