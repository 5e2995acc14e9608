package io.windlass.budget;

import io.windlass.kernel.Json;
import io.windlass.model.Toll;
import io.windlass.step.Question;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words for a call that does not fit its budget, and what a person may answer. */
record StopQuestion(
    Budget budget, String period, Ledger.Figures figures, Toll.Call call, @Nullable Long need) {
  /** The kind of the question, in the one inbox. */
  static final String KIND = "budget";

  /** Begins the option that raises the cap; the amount follows. */
  static final String RAISE = "raise by ";

  /** Lets this execution pass the budget until it ends. */
  static final String ALLOW = "allow this execution";

  /** For what only a change of the price list settles. */
  static final String AGAIN = "try again";

  /** By how much the cap is raised, so that at least this call fits. */
  long raiseBy() {
    return need == null ? 0 : Math.max(budget.raiseBy(), need - figures.room());
  }

  Question question(String step) {
    List<String> options =
        need == null
            ? List.of(ALLOW, AGAIN, Question.REJECT)
            : List.of(RAISE + budget.unit().text(raiseBy()), ALLOW, Question.REJECT);
    return new Question(KIND, "Step \"%s\": %s".formatted(step, text()), options, null, null);
  }

  /** What stops the call where nobody is asked, and what to do about it. */
  String failure() {
    return need == null
        ? text()
        : text()
            + "; raise its limit with PATCH /v1/budgets/%s and run again".formatted(budget.id());
  }

  /** What stops the call, with all figures that matter. */
  String text() {
    Unit unit = budget.unit();
    String model = call.label();
    if (need == null) {
      return "Budget %s cannot tell what a call of %s costs: give its price under %s in prices.yaml, as docs/models.md says, and start again"
          .formatted(budget.words(), model, Json.write("providers." + call.provider() + ".models"));
    }
    String raised = figures.cap() == budget.cap() ? "" : ", raised to " + unit.text(figures.cap());
    String where =
        budget.window() == Window.EXECUTION ? "in this execution" : "in the window " + period;
    String why = figures.room() > 0 ? "has too little room for a call" : "is reached";
    return "Budget %s %s: %s are spent and %s reserved of %s %s%s; a call of %s may take %s"
        .formatted(
            budget.words(),
            why,
            unit.text(figures.spent()),
            unit.text(figures.reserved()),
            unit.text(figures.cap()),
            where,
            raised,
            model,
            unit.text(need));
  }
}
