package io.windlass.app;

import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Definitions;
import io.windlass.definition.Finding;
import io.windlass.execution.Rehearsal;
import io.windlass.execution.Rehearsed;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelRehearsal;
import io.windlass.model.Script;
import io.windlass.surface.unified.DryRunJson;
import io.windlass.surface.unified.Planner;
import io.windlass.tool.ToolRehearsal;
import java.util.List;

/** Dry runs: the real flow, with models and tools that only pretend, and what came of it. */
final class DryRuns implements Planner {
  private final Definitions definitions;
  private final Rehearsal rehearsal;
  private final Capabilities capabilities;

  DryRuns(Definitions definitions, Rehearsal rehearsal, Capabilities capabilities) {
    this.definitions = definitions;
    this.rehearsal = rehearsal;
    this.capabilities = capabilities;
  }

  @Override
  public DryRunJson plan(Draft draft) throws InterruptedException {
    Script script = draft.script() == null ? null : Script.parse("in the request", draft.script());
    DryRunCalls calls = new DryRunCalls();
    ModelRehearsal models = capabilities.models().rehearse(script, calls::add);
    DryRunReport report = new DryRunReport(draft, calls, models.pricesAsOf());
    DefinitionKind kind = definitions.kind(draft.kind());
    List<Finding> findings = kind.lint(draft.name(), draft.source());
    if (findings.stream().anyMatch(Finding::error)) {
      return report.invalid(findings, List.of());
    }
    try {
      // The input that was given must do for a real run; what steps hand on is known but in part.
      var _ = kind.begin(draft.name(), draft.source(), draft.input());
      Rehearsed told =
          rehearsal.play(
              capabilities.rehearsed(models, new ToolRehearsal(models::tool)),
              draft.kind(),
              draft.name(),
              draft.source(),
              draft.input());
      return report.of(findings, told);
    } catch (WindlassException e) {
      if (e.code().category() != ErrorCategory.INVALID) {
        throw e;
      }
      return report.invalid(findings, e.text().lines().toList());
    }
  }
}
