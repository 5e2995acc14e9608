package io.windlass.browser;

import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.WindlassException;
import io.windlass.model.ModelFailure;
import io.windlass.model.Models;
import io.windlass.step.Effect;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.text.Template;
import io.windlass.tool.WorkFiles;
import java.util.List;

/**
 * One browser step. The whole visit is one effect: a page cannot be put back into the state that a
 * crash interrupted. Reading repeats; what a model did there is a person's to settle.
 */
final class BrowserStep implements Step {
  private final BrowserPlan plan;
  private final Browsers browsers;
  private final Models models;
  private final WorkFiles files;

  BrowserStep(BrowserPlan plan, Browsers browsers, Models models, WorkFiles files) {
    this.plan = plan;
    this.browsers = browsers;
    this.models = models;
    this.files = files;
  }

  /** What a visit leaves: the step's output, and what its model calls consumed. */
  record Visited(String output, List<Usage> usages) {
    Visited {
      usages = usages == null ? List.of() : List.copyOf(usages);
    }
  }

  @Override
  public StepOutcome run(StepContext context) throws Exception {
    String url = Template.render(plan.url(), context.state()).strip();
    String task = Template.render(plan.task(), context.state()).strip();
    if (url.isEmpty() && task.isEmpty()) {
      return new StepOutcome.Failed(
          "A browser step needs a browser_url, a browser_task or both that are not empty", false);
    }
    if (!plan.headless()) {
      context.log(
          LogLevel.INFO, "The browser runs without a window here; browser_headless is true");
    }
    Effect effect =
        task.isEmpty()
            ? Effect.repeatable("browse", "read " + url.split("[?#]", 2)[0])
            : Effect.asking("browse", "let a model browse: " + cut(task));
    try {
      Visited visited =
          context.once(
              effect,
              Visited.class,
              () ->
                  browsers.visit(
                      plan.viewport(), context, visit -> visited(visit, url, task, context)));
      visited.usages().forEach(context::use);
      return StepOutcome.done(visited.output());
    } catch (BrowserFailure e) {
      return new StepOutcome.Failed(String.valueOf(e.getMessage()), !e.isLasting());
    } catch (ModelFailure e) {
      return new StepOutcome.Failed(e.text(), e.retryable());
    } catch (WindlassException e) {
      ErrorCategory category = e.code().category();
      if (category == ErrorCategory.INVALID || category == ErrorCategory.UNAVAILABLE) {
        return new StepOutcome.Failed(e.text(), false);
      }
      throw e;
    }
  }

  private Visited visited(Visit visit, String url, String task, StepContext context)
      throws Exception {
    CookieJar jar =
        new CookieJar(browsers.folder(), Template.render(plan.cookiesDomain(), context.state()));
    jar.fill(visit);
    if (!url.isEmpty()) {
      visit.go(url, plan.waitMillis());
      context.log(LogLevel.INFO, "Opened " + visit.page().url().split("[?#]", 2)[0]);
    }
    Visited visited;
    if (task.isEmpty()) {
      if (!plan.scroll().equals("none")) {
        visit.scroll(plan.scroll().equals("full"));
      }
      visited = new Visited(new PageOutput(plan, files).of(visit, context), List.of());
    } else {
      BrowserAgent agent = new BrowserAgent(plan, models, new PageTools(visit, plan.waitMillis()));
      String answer = agent.work(task, url, context);
      boolean picture = plan.format().equals("screenshot");
      visited =
          new Visited(
              picture ? new PageOutput(plan, files).of(visit, context) : answer, agent.usages());
    }
    jar.keep(visit);
    return visited;
  }

  private static String cut(String text) {
    return text.length() > 200 ? text.substring(0, 200) + "…" : text;
  }
}
