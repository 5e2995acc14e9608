package io.windlass.browser;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a document says of one browser step; texts not rendered.
 *
 * @param url where to begin; empty for an agent that finds its own way
 * @param task what a model is to do there; empty to only read the page
 * @param model the model's name; empty for the default one
 * @param maxSteps how often the model may act
 * @param waitMillis how long a page gets to become quiet
 * @param format text, markdown, json or screenshot
 * @param pageName what the page is called in files and JSON
 * @param scroll auto, full or none
 * @param cookiesDomain whose cookies are kept from run to run; empty for none
 */
record BrowserPlan(
    String url,
    String task,
    String model,
    int maxSteps,
    Viewport viewport,
    int waitMillis,
    String format,
    String pageName,
    String scroll,
    String cookiesDomain,
    boolean headless) {
  private static final Set<String> FORMATS = Set.of("text", "markdown", "json", "screenshot");
  private static final Set<String> SCROLLS = Set.of("auto", "full", "none");

  /** Reads the fields and notes what is wrong with them. */
  static BrowserPlan of(ObjectNode fields, List<String> faults) {
    String url = text(fields, "browser_url");
    String task = text(fields, "browser_task");
    Viewport viewport = Viewport.STANDARD;
    try {
      viewport = Viewport.of(fields.get("browser_viewport"));
    } catch (WindlassException e) {
      faults.add("browser_viewport: " + e.text());
    }
    return new BrowserPlan(
        url,
        url.isBlank() && task.isBlank() ? text(fields, "prompt") : task,
        text(fields, "model"),
        number(fields, "browser_max_steps", 20, 1, 200, faults),
        viewport,
        number(fields, "browser_wait_ms", 3_000, 0, 120_000, faults),
        choice(fields, "browser_output_format", "text", FORMATS, faults),
        text(fields, "browser_page_name"),
        choice(fields, "browser_scroll_strategy", "auto", SCROLLS, faults),
        text(fields, "browser_cookies_domain"),
        !text(fields, "browser_headless").equalsIgnoreCase("false"));
  }

  private static String text(ObjectNode fields, String name) {
    return Json.show(fields.get(name)).strip();
  }

  private static String choice(
      ObjectNode fields, String name, String standard, Set<String> known, List<String> faults) {
    String given = text(fields, name).toLowerCase(Locale.ROOT);
    if (given.isEmpty() || known.contains(given)) {
      return given.isEmpty() ? standard : given;
    }
    faults.add("%s: must be one of %s, not %s".formatted(name, String.join(", ", known), given));
    return standard;
  }

  private static int number(
      ObjectNode fields, String name, int standard, int least, int most, List<String> faults) {
    String given = text(fields, name);
    if (given.isEmpty()) {
      return standard;
    }
    try {
      int number = (int) Double.parseDouble(given);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    faults.add("%s: must be a number from %d to %d, not %s".formatted(name, least, most, given));
    return standard;
  }
}
