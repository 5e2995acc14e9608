package io.windlass.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.kernel.Json;
import io.windlass.step.FakeStepContext;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import io.windlass.store.Database;
import io.windlass.store.Databases;
import io.windlass.store.TestDatabases;
import io.windlass.text.Template;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Cached steps over the cache's own table, on both databases. */
@SuppressWarnings("NullAway.Init") // the database is opened by each test
class StepCacheTest {
  private static final String FIELDS =
      "{\"id\":\"a\",\"prompt\":\"About {topic}\",\"cache\":{\"enabled\":true,\"ttl_minutes\":10}}";

  @TempDir private Path folder;
  private final AtomicInteger runs = new AtomicInteger();
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private Database database;
  private volatile String owner = "ann";

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void answersTheSameQuestionFromTheCacheUntilItExpires(String dialect) throws Exception {
    StepCache cache = open(dialect, JdbcStepCache.Bounds.STANDARD);
    assertThat(run(cache, FIELDS, "tea").wasCacheHit()).isFalse();
    FakeStepContext again = run(cache, FIELDS, "tea");
    assertThat(again.wasCacheHit()).isTrue();
    assertThat(again.usages()).containsExactly(new Usage("m", 5, 7, BigDecimal.ZERO));
    assertThat(runs).hasValue(1);

    assertThat(run(cache, FIELDS, "coffee").wasCacheHit()).isFalse();
    now.set(now.get().plus(Duration.ofMinutes(11)));
    assertThat(run(cache, FIELDS, "tea").wasCacheHit()).isFalse();
    assertThat(runs).hasValue(3);
    assertThat(rows()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = "sqlite")
  void keepsNoEmptyAnswer(String dialect) throws Exception {
    StepCache cache = open(dialect, JdbcStepCache.Bounds.STANDARD);
    String fields = "{\"id\":\"a\",\"prompt\":\"{topic}\",\"cache\":true}";
    run(cache, fields, " ");
    assertThat(run(cache, fields, " ").wasCacheHit()).isFalse();
    assertThat(rows()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = "sqlite")
  void givesNobodyWhatAnotherUsersStepFound(String dialect) throws Exception {
    StepCache cache = open(dialect, JdbcStepCache.Bounds.STANDARD);
    run(cache, FIELDS, "tea");
    owner = "ben";
    assertThat(run(cache, FIELDS, "tea").wasCacheHit()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "postgresql"})
  void dropsTheOldestAboveItsBounds(String dialect) {
    StepCache cache = open(dialect, new JdbcStepCache.Bounds(3, 1_000_000, 100));
    for (int i = 0; i < 6; i++) {
      now.set(now.get().plus(Duration.ofMinutes(2)));
      cache.put("chain", "c", "k" + i, Json.text("v" + i), Duration.ofHours(1));
    }
    cache.put("chain", "c", "large", Json.text("x".repeat(200)), Duration.ofHours(1));
    assertThat(rows()).isEqualTo(3);
    assertThat(cache.find("chain", "c", "k5")).contains(Json.text("v5"));
    assertThat(cache.find("chain", "c", "k2")).isEmpty();
    assertThat(cache.find("chain", "other", "k5")).isEmpty();
    assertThat(cache.find("chain", "c", "large")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = "sqlite")
  void bringsBackWhatTheStepSetAndClosed(String dialect) throws Exception {
    StepCache cache = open(dialect, JdbcStepCache.Bounds.STANDARD);
    StepOutcome first = step(cache, FIELDS).run(FakeStepContext.with("topic", "tea"));
    StepOutcome second = step(cache, FIELDS).run(FakeStepContext.with("topic", "tea"));
    assertThat(second).isEqualTo(first);
    assertThat(second)
        .isInstanceOfSatisfying(
            StepOutcome.Done.class,
            done -> {
              assertThat(done.set()).containsEntry("v", Json.text("FAIL"));
              assertThat(done.close()).containsExactly("b");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"prompt\":\"p\",\"criteria\":\"is {topic} good?\",\"cache\":true}",
        "{\"id\":\"a\",\"prompt\":\"p\",\"input_var\":\"topic\",\"cache\":true}",
        "{\"id\":\"a\",\"prompt\":\"p\",\"debate_agents\":[{\"prompt\":\"on {topic}\"}],\"cache\":true}",
      })
  void looksAtEverythingThatAStepAsks(String fields) throws Exception {
    StepCache cache = open("sqlite", JdbcStepCache.Bounds.STANDARD);
    run(cache, fields, "tea");
    assertThat(run(cache, fields, "coffee").wasCacheHit()).isFalse();
    assertThat(run(cache, fields, "tea").wasCacheHit()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = "sqlite")
  void findsAtAReplayWhatItFoundBefore(String dialect) throws Exception {
    StepCache cache = open(dialect, JdbcStepCache.Bounds.STANDARD);
    FakeStepContext context = FakeStepContext.with("topic", "tea");
    step(cache, FIELDS).run(context);
    step(cache, FIELDS).run(context);
    assertThat(context.wasCacheHit()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"prompt\":\"p\"}",
        "{\"id\":\"a\",\"prompt\":\"p\",\"cache\":{\"ttl_minutes\":5}}",
        "{\"id\":\"a\",\"prompt\":\"p\",\"cache\":{\"enabled\":true,\"ttl_minutes\":0}}",
      })
  void keepsNothing_whenItWasNotAsked(String fields) throws Exception {
    StepCache cache = open("sqlite", JdbcStepCache.Bounds.STANDARD);
    run(cache, fields, "tea");
    assertThat(run(cache, fields, "tea").wasCacheHit()).isFalse();
    assertThat(rows()).isZero();
  }

  private StepCache open(String dialect, JdbcStepCache.Bounds bounds) {
    database =
        dialect.equals("sqlite")
            ? Databases.sqlite(folder.resolve("test.db"))
            : Databases.postgres(TestDatabases.newPostgresUrl());
    return new JdbcStepCache(() -> database, () -> now.get(), bounds);
  }

  private FakeStepContext run(StepCache cache, String fields, String topic) throws Exception {
    FakeStepContext context = FakeStepContext.with("topic", topic);
    step(cache, fields).run(context);
    return context;
  }

  private Step step(StepCache cache, String fields) {
    return new CachedKind(new Counting(), cache, name -> "m", id -> owner)
        .bind((ObjectNode) Json.read(fields));
  }

  private long rows() {
    return database.read(
        handle -> handle.createQuery("SELECT count(*) FROM step_cache").mapTo(Long.class).one());
  }

  /** A kind that counts its runs and says what it was asked. */
  private final class Counting implements StepKind {
    @Override
    public String name() {
      return "agent";
    }

    @Override
    public Step bind(ObjectNode fields) {
      return context -> ran(Json.show(fields.get("prompt")), context);
    }

    private StepOutcome ran(String prompt, StepContext context) {
      runs.incrementAndGet();
      context.use(new Usage("m", 5, 7, BigDecimal.ONE));
      return new StepOutcome.Done(
          Json.text(Template.render(prompt, context.state())),
          Map.of("v", Json.text("FAIL")),
          Set.copyOf(List.of("b")));
    }
  }
}
