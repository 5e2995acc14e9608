package io.windlass.web;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.Http;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Searches the web through the service that is configured: SearXNG, Tavily or Brave. */
public final class WebSearch {
  /** The most results that can be asked for. */
  public static final int MOST = 20;

  private static final int ANSWER_LIMIT = 5 << 20;
  private static final int SHOWN = 300;
  private static final int SNIPPET = 1_000;
  private static final int LONGEST_QUERY = 400;
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private final SearchConfig config;
  private final Http http;

  public WebSearch(SearchConfig config, Http http) {
    this.config = config;
    this.http = http;
  }

  /** The service that will be asked; empty when none is configured. */
  private String provider() {
    if (config.provider() != null) {
      return config.provider();
    }
    if (config.searxng() != null) {
      return "searxng";
    }
    if (config.tavilyKey() != null) {
      return "tavily";
    }
    return config.braveKey() == null ? "" : "brave";
  }

  /**
   * Searches; blocks until the service has answered.
   *
   * @param count how many results are wanted, 1 to {@link #MOST}
   * @return the best first; may be empty
   * @throws WindlassException NOT_CONFIGURED naming the settings when there is no service,
   *     INVALID_INPUT for an empty query
   * @throws IOException when the service did not answer or refused
   */
  public List<SearchHit> search(String query, int count, Duration timeout)
      throws IOException, InterruptedException {
    String asked = BLANKS.matcher(query.strip()).replaceAll(" ");
    if (asked.isEmpty()) {
      throw WindlassException.invalid("web_search: the query is empty");
    }
    int wanted = Math.clamp(count, 1, MOST);
    List<SearchHit> hits =
        switch (provider()) {
          case "searxng" -> searxng(asked, timeout);
          case "tavily" -> tavily(asked, wanted, timeout);
          case "brave" -> brave(asked, wanted, timeout);
          default ->
              throw notConfigured(
                  "WINDLASS_SEARXNG_URL (a SearXNG server with format json), TAVILY_API_KEY or"
                      + " BRAVE_API_KEY");
        };
    return hits.subList(0, Math.min(wanted, hits.size()));
  }

  private List<SearchHit> searxng(String query, Duration timeout)
      throws IOException, InterruptedException {
    if (config.searxng() == null) {
      throw notConfigured("WINDLASS_SEARXNG_URL, since WINDLASS_WEB_SEARCH is searxng");
    }
    JsonNode answer =
        ask(
            "SearXNG",
            new Http.Request(
                "GET",
                config.searxng() + "/search?format=json&q=" + encoded(query),
                Map.of("Accept", "application/json"),
                null,
                true),
            " (its settings.yml must list json under search.formats)",
            timeout);
    return hits(answer.path("results"), "content");
  }

  private List<SearchHit> tavily(String query, int count, Duration timeout)
      throws IOException, InterruptedException {
    if (config.tavilyKey() == null) {
      throw notConfigured("TAVILY_API_KEY, since WINDLASS_WEB_SEARCH is tavily");
    }
    ObjectNode body = Json.object();
    body.put("query", cut(query, LONGEST_QUERY));
    body.put("max_results", count);
    JsonNode answer =
        ask(
            "Tavily",
            new Http.Request(
                "POST",
                config.tavilyUrl() + "/search",
                Map.of(
                    "Authorization",
                    "Bearer " + config.tavilyKey(),
                    "Content-Type",
                    "application/json"),
                Json.write(body),
                true),
            "",
            timeout);
    return hits(answer.path("results"), "content");
  }

  private List<SearchHit> brave(String query, int count, Duration timeout)
      throws IOException, InterruptedException {
    if (config.braveKey() == null) {
      throw notConfigured("BRAVE_API_KEY, since WINDLASS_WEB_SEARCH is brave");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", "application/json");
    headers.put("X-Subscription-Token", config.braveKey());
    JsonNode answer =
        ask(
            "Brave",
            new Http.Request(
                "GET",
                config.braveUrl()
                    + "/res/v1/web/search?count="
                    + count
                    + "&q="
                    + encoded(cut(query, LONGEST_QUERY)),
                headers,
                null,
                true),
            "",
            timeout);
    return hits(answer.path("web").path("results"), "description");
  }

  private JsonNode ask(String service, Http.Request request, String hint, Duration timeout)
      throws IOException, InterruptedException {
    Http.Response answer;
    try {
      answer = http.send(request, timeout, ANSWER_LIMIT);
    } catch (IOException e) {
      throw new IOException("web_search: " + service + " cannot be reached: " + e.getMessage(), e);
    }
    if (!answer.succeeded()) {
      throw new IOException(
          "web_search: %s answered %d%s: %s"
              .formatted(service, answer.status(), hint, cut(answer.body().strip(), SHOWN)));
    }
    try {
      return Json.MAPPER.readTree(answer.body());
    } catch (JacksonException e) {
      throw new IOException(
          "web_search: %s did not answer JSON%s: %s"
              .formatted(service, hint, cut(answer.body().strip(), SHOWN)),
          e);
    }
  }

  private static List<SearchHit> hits(JsonNode results, String snippet) {
    List<SearchHit> hits = new ArrayList<>();
    for (JsonNode result : results) {
      String url = Json.show(result.get("url"));
      if (!url.isBlank()) {
        hits.add(
            new SearchHit(
                plain(Json.show(result.get("title"))),
                url,
                cut(plain(Json.show(result.get(snippet))), SNIPPET)));
      }
    }
    return hits;
  }

  /** Without the tags that mark what was searched for, on one line. */
  private static String plain(String text) {
    String bare =
        text.indexOf('<') >= 0 || text.indexOf('&') >= 0 ? Jsoup.parse(text).text() : text;
    return BLANKS.matcher(bare).replaceAll(" ").strip();
  }

  private static String cut(String text, int limit) {
    if (text.length() <= limit) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
    return text.substring(0, end) + "…";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static WindlassException notConfigured(String settings) {
    return new WindlassException(
        ErrorCode.NOT_CONFIGURED, "web_search has no search service: set " + settings);
  }
}
