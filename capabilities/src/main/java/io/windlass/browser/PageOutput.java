package io.windlass.browser;

import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.StepContext;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Turns a page into the output that a step asks for. */
final class PageOutput {
  private static final int LIMIT = 100_000;
  private static final int MOST_LINKS = 500;
  private static final String LINKS =
      """
      () => [...document.querySelectorAll('a[href]')]
        .filter(a => a.href.startsWith('http'))
        .map(a => ({text: (a.innerText || a.getAttribute('aria-label') || '').trim(), url: a.href}))
      """;

  private final BrowserPlan plan;
  private final WorkFiles files;

  PageOutput(BrowserPlan plan, WorkFiles files) {
    this.plan = plan;
    this.files = files;
  }

  String of(Visit visit, StepContext context) throws IOException {
    return switch (plan.format()) {
      case "markdown" -> cut(PageMarkdown.of(visit.content(), visit.page().url()), context);
      case "json" -> json(visit, context);
      case "screenshot" ->
          PageFile.keep(
              files,
              context,
              plan.pageName().isEmpty() ? context.stepId() : plan.pageName(),
              visit.picture(plan.scroll().equals("full")));
      default -> cut(visit.text().strip(), context);
    };
  }

  private String json(Visit visit, StepContext context) throws BrowserFailure {
    ObjectNode json = Json.object();
    if (!plan.pageName().isEmpty()) {
      json.put("page_name", plan.pageName());
    }
    json.put("url", visit.page().url());
    json.put("title", visit.title());
    json.put("text", cut(visit.text().strip(), context));
    ArrayNode links = json.putArray("links");
    if (visit.evaluate(LINKS) instanceof List<?> found) {
      for (Object link : found) {
        if (link instanceof Map<?, ?> one && links.size() < MOST_LINKS) {
          links
              .addObject()
              .put("text", String.valueOf(one.get("text")).replaceAll("\\s+", " "))
              .put("url", String.valueOf(one.get("url")));
        }
      }
    }
    return Json.write(json);
  }

  private static String cut(String text, StepContext context) {
    if (text.length() <= LIMIT) {
      return text;
    }
    context.log(
        LogLevel.WARN,
        "The page has %d characters; only the first %d are kept".formatted(text.length(), LIMIT));
    int end = Character.isHighSurrogate(text.charAt(LIMIT - 1)) ? LIMIT - 1 : LIMIT;
    return text.substring(0, end) + "\n[truncated]";
  }
}
