package io.windlass.web;

import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.util.List;

/**
 * The pre-tool {@code web_search}: titles, addresses and snippets of the best results, numbered.
 */
public final class SearchTheWeb implements PreTool {
  static final int STANDARD = 8;

  private final WebSearch search;

  public SearchTheWeb(WebSearch search) {
    this.search = search;
  }

  @Override
  public String name() {
    return "web_search";
  }

  @Override
  public List<String> required() {
    return List.of("query");
  }

  @Override
  public String run(PreToolCall call) throws IOException, InterruptedException {
    return shown(search.search(call.text("query"), count(call), call.timeout()));
  }

  private static int count(PreToolCall call) {
    String given = call.text("max_results").trim();
    if (given.isEmpty()) {
      return STANDARD;
    }
    try {
      int count = Integer.parseInt(given);
      if (count >= 1 && count <= WebSearch.MOST) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw WindlassException.invalid(
        "web_search: max_results must be 1 to %d, not \"%s\"".formatted(WebSearch.MOST, given));
  }

  /** For a prompt: one numbered paragraph a result. */
  static String shown(List<SearchHit> hits) {
    if (hits.isEmpty()) {
      return "No results.";
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < hits.size(); i++) {
      SearchHit hit = hits.get(i);
      text.append(i == 0 ? "" : "\n\n").append(i + 1).append(". ").append(hit.title());
      text.append('\n').append(hit.url());
      if (!hit.snippet().isEmpty()) {
        text.append('\n').append(hit.snippet());
      }
    }
    return text.toString();
  }
}
