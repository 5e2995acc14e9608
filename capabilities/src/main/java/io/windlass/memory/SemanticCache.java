package io.windlass.memory;

import io.windlass.kernel.WindlassException;
import io.windlass.step.LogLevel;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The pre-tool {@code semantic_cache}: the answer that was kept for a question like this one, or
 * the default; with a {@code value}, it keeps that as the answer.
 */
final class SemanticCache implements PreTool {
  private static final int LONGEST_QUERY = 20_000;
  private static final Duration TTL = Duration.ofHours(24);
  private static final Duration LONGEST_TTL = Duration.ofDays(3650);
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(s|m|h|d)?");

  private final AnswerStore answers;
  private final Memory.Surroundings surroundings;

  SemanticCache(AnswerStore answers, Memory.Surroundings surroundings) {
    this.answers = answers;
    this.surroundings = surroundings;
  }

  @Override
  public String name() {
    return "semantic_cache";
  }

  @Override
  public List<String> required() {
    return List.of("query");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    String query = Drawer.required("query", call.text("query"), LONGEST_QUERY);
    double threshold = call.number("similarity_threshold", 0.85, 0, 1);
    Duration ttl = ttl(call.text("ttl").trim().toLowerCase(Locale.ROOT));
    Drawer drawer = Drawer.of(call, "scope", surroundings);
    Embedder embedder = surroundings.embedder();
    float @Nullable [] vector = embedder == null ? null : embedder.embed(List.of(query)).getFirst();
    Instant now = call.context().clock().instant();
    if (call.fields().hasNonNull("value")) {
      String value = Drawer.checked("value", call.text("value"), StateSave.LONGEST_VALUE);
      answers.keep(
          drawer,
          new AnswerStore.Answered(
              query, value, embedder == null ? null : embedder.model(), vector),
          now,
          now.plus(ttl));
      return value;
    }
    Nearest nearest = nearest(drawer, query, vector, now);
    Optional<String> known =
        nearest == null || nearest.similarity() < threshold
            ? Optional.empty()
            : answers.value(drawer, nearest.asked().hash());
    call.context().log(LogLevel.INFO, told(known.isPresent(), nearest));
    return known.orElseGet(() -> call.text("default"));
  }

  private record Nearest(AnswerStore.Asked asked, double similarity) {}

  private @Nullable Nearest nearest(
      Drawer drawer, String query, float @Nullable [] vector, Instant now) {
    Embedder embedder = surroundings.embedder();
    Words words = Words.of(query);
    Nearest nearest = null;
    for (AnswerStore.Asked asked :
        answers.asked(drawer, embedder == null ? null : embedder.model(), now)) {
      byte[] stored = asked.vector();
      double similarity =
          asked.query().equals(query)
              ? 1
              : vector == null || stored == null
                  ? words.similarity(Words.of(asked.query()))
                  : Vectors.cosine(vector, stored);
      if (nearest == null || similarity > nearest.similarity()) {
        nearest = new Nearest(asked, similarity);
      }
    }
    return nearest;
  }

  private static String told(boolean hit, @Nullable Nearest nearest) {
    if (nearest == null) {
      return "semantic_cache: miss, nothing is kept yet";
    }
    return "semantic_cache: %s, the nearest question has the similarity %.2f"
        .formatted(hit ? "hit" : "miss", nearest.similarity());
  }

  private static Duration ttl(String given) {
    if (given.isEmpty()) {
      return TTL;
    }
    Matcher matcher = DURATION.matcher(given);
    if (!matcher.matches()) {
      throw WindlassException.invalid(
          "ttl must be seconds, or a time as 90s, 10m, 24h or 7d, not \"" + given + "\"");
    }
    long amount = Long.parseLong(matcher.group(1));
    Duration ttl =
        switch (matcher.group(2)) {
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          case "d" -> Duration.ofDays(amount);
          case null, default -> Duration.ofSeconds(amount);
        };
    return ttl.compareTo(LONGEST_TTL) > 0 ? LONGEST_TTL : ttl;
  }
}
