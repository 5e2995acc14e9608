package io.windlass.web;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.text.Excerpt;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.JsonNode;

/**
 * The pre-tool {@code parallel_fetch}: what several public web addresses answer, as a JSON array in
 * their order; each answer is cut to 5,000 characters, a failure stands in its place.
 */
public final class ParallelFetch implements PreTool {
  private static final int BODY_LIMIT = 1 << 20;
  private static final int LIMIT = 5_000;
  private static final int MOST = 50;
  private static final int AT_ONCE = 10;
  private static final int LONGEST_PAUSE = 60_000;

  private final WebClient client;

  public ParallelFetch(WebClient client) {
    this.client = client;
  }

  @Override
  public String name() {
    return "parallel_fetch";
  }

  @Override
  public List<String> required() {
    return List.of("urls");
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    List<String> urls = urls(call);
    int pause = call.count("rate_limit_ms", 100, 0, LONGEST_PAUSE);
    Map<String, String> headers = call.texts("headers");
    Semaphore free = new Semaphore(AT_ONCE);
    try (Fork<Map<String, Object>> fork = Fork.open("parallel-fetch")) {
      for (int i = 0; i < urls.size(); i++) {
        if (i > 0) {
          Thread.sleep(pause);
        }
        free.acquire();
        String url = urls.get(i);
        fork.fork(() -> {
          try {
            return fetched(call, url, headers);
          } finally {
            free.release();
          }
        });
      }
      List<Map<String, Object>> answers = fork.join();
      if (answers.stream().allMatch(answer -> answer.containsKey("error"))) {
        throw new IOException(
            "none of %d addresses answered; the first: %s"
                .formatted(answers.size(), answers.getFirst().get("error")));
      }
      return Json.write(answers);
    }
  }

  private Map<String, Object> fetched(PreToolCall call, String url, Map<String, String> headers)
      throws InterruptedException {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("url", url);
    try {
      WebRequest request = new WebRequest("GET", WebAddress.of(url), headers, null);
      WebResponse response =
          client.send(request, WebClient.Reach.PUBLIC, call.timeout(), BODY_LIMIT);
      result.put("status", response.status());
      if (response.status() >= 400) {
        result.put(
            "error", "%s answered %s".formatted(request.address().shown(), response.statusLine()));
      } else {
        boolean whole = response.body().length() <= LIMIT && !response.truncated();
        result.put("content", whole ? response.body() : Excerpt.head(response.body(), LIMIT));
        result.put("truncated", !whole);
      }
    } catch (IOException | WindlassException e) {
      result.put("error", String.valueOf(e.getMessage()));
    }
    return result;
  }

  /** A list, JSON text of one, or text with a URL on each line or commas between. */
  private static List<String> urls(PreToolCall call) {
    String text = call.text("urls").strip();
    List<String> urls = new ArrayList<>();
    if (text.startsWith("[")) {
      for (JsonNode one : Json.read(text)) {
        add(urls, Json.show(one));
      }
    } else {
      for (String one : text.split(text.indexOf('\n') < 0 ? "," : "\\R", -1)) {
        add(urls, one);
      }
    }
    if (urls.isEmpty()) {
      throw WindlassException.invalid("parallel_fetch: urls is empty; give a list of addresses");
    }
    if (urls.size() > MOST) {
      throw WindlassException.invalid(
          "parallel_fetch: urls holds %d addresses; give at most %d".formatted(urls.size(), MOST));
    }
    return urls;
  }

  private static void add(List<String> urls, String url) {
    if (!url.isBlank()) {
      urls.add(url.strip());
    }
  }
}
