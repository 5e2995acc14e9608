package io.windlass.browser;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.model.Models;
import io.windlass.step.Step;
import io.windlass.step.StepKind;
import io.windlass.tool.WorkFiles;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The kind {@code browser}: reads the page at {@code browser_url}, or lets a model do {@code
 * browser_task} in the browser.
 */
public final class BrowserKind implements StepKind {
  private final Browsers browsers;
  private final Models models;
  private final WorkFiles files;

  public BrowserKind(Browsers browsers, Models models, WorkFiles files) {
    this.browsers = browsers;
    this.models = models;
    this.files = files;
  }

  @Override
  public String name() {
    return "browser";
  }

  @Override
  public List<String> faults(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    BrowserPlan.of(fields, faults);
    return faults;
  }

  @Override
  public Step bind(ObjectNode fields) {
    List<String> faults = new ArrayList<>();
    BrowserPlan plan = BrowserPlan.of(fields, faults);
    if (!faults.isEmpty()) {
      throw new WindlassException(
          ErrorCode.INVALID_DEFINITION,
          "Step \"%s\": %s".formatted(Json.show(fields.get("id")), String.join("; ", faults)));
    }
    return new BrowserStep(plan, browsers, models, files);
  }
}
