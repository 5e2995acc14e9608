package io.windlass.cache;

import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.Effect;
import io.windlass.step.ForwardingContext;
import io.windlass.step.ForwardingKind;
import io.windlass.step.LogLevel;
import io.windlass.step.Step;
import io.windlass.step.StepContext;
import io.windlass.step.StepKind;
import io.windlass.step.StepOutcome;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Another step kind whose results are kept where the step has {@code cache: {enabled: true}}. The
 * look into the cache comes before everything that the step does, and is journalled: a replay finds
 * what the first run found.
 */
public final class CachedKind extends ForwardingKind {
  private static final double STANDARD_MINUTES = 60;
  private final StepCache cache;
  private final UnaryOperator<String> models;
  private final Function<ExecutionId, String> owners;

  /**
   * @param owners whose execution one is: nobody is answered with what another's step found
   * @param models the model that a name stands for at present, so that another one is asked anew
   */
  public CachedKind(
      StepKind kind,
      StepCache cache,
      UnaryOperator<String> models,
      Function<ExecutionId, String> owners) {
    super(kind);
    this.cache = cache;
    this.models = models;
    this.owners = owners;
  }

  @Override
  public Step bind(ObjectNode fields) {
    Step step = super.bind(fields);
    JsonNode asked = fields.path("cache");
    boolean enabled = asked.asBoolean(asked.path("enabled").asBoolean(false));
    double minutes = asked.path("ttl_minutes").asDouble(STANDARD_MINUTES);
    Duration ttl = Duration.ofMillis((long) (Math.min(minutes, 1e7) * 60_000));
    return enabled && !ttl.isZero() ? context -> run(step, fields, ttl, context) : step;
  }

  private StepOutcome run(Step step, ObjectNode fields, Duration ttl, StepContext context)
      throws Exception {
    String model = models.apply(Json.show(fields.get("model")));
    String owner = owners.apply(context.execution());
    String key = CacheKey.of(owner, context.stepId(), model, fields, context.state());
    JsonNode known =
        context.once(
            Effect.repeatable("cache:" + key.substring(0, 16), "look into the step's cache"),
            () -> find(context, key));
    if (known.has("output")) {
      return hit(known, context);
    }
    Metered metered = new Metered(context);
    StepOutcome outcome = step.run(metered);
    // An empty answer is told once, in the run that got it; the next run asks again.
    if (outcome instanceof StepOutcome.Done done && !Json.show(done.output()).isBlank()) {
      keep(context, key, entry(done, metered.used()), ttl);
    }
    return outcome;
  }

  private JsonNode find(StepContext context, String key) {
    try {
      return cache
          .find(context.definitionKind(), context.definitionName(), key)
          .orElseGet(Json::object);
    } catch (WindlassException e) {
      context.log(LogLevel.WARN, "The cache was not looked into: " + e.text());
      return Json.object();
    }
  }

  private void keep(StepContext context, String key, JsonNode entry, Duration ttl) {
    try {
      cache.put(context.definitionKind(), context.definitionName(), key, entry, ttl);
    } catch (WindlassException e) {
      context.log(LogLevel.WARN, "The result was not kept in the cache: " + e.text());
    }
  }

  private static ObjectNode entry(StepOutcome.Done done, Usage used) {
    ObjectNode entry = Json.object();
    entry.set("output", done.output());
    ObjectNode set = entry.putObject("set");
    done.set().forEach(set::set);
    var close = entry.putArray("close");
    done.close().stream().sorted().forEach(close::add);
    entry.set("usage", Json.tree(used));
    return entry;
  }

  private static StepOutcome hit(JsonNode entry, StepContext context) {
    context.cacheHit();
    Usage saved = Json.MAPPER.treeToValue(entry.path("usage"), Usage.class);
    // The tokens are told as they were; this time they cost nothing.
    context.use(
        new Usage(saved.model(), saved.inputTokens(), saved.outputTokens(), BigDecimal.ZERO));
    Map<String, JsonNode> set = new LinkedHashMap<>();
    entry.path("set").properties().forEach(value -> set.put(value.getKey(), value.getValue()));
    Set<String> close = new HashSet<>();
    entry.path("close").values().forEach(node -> close.add(Json.show(node)));
    return new StepOutcome.Done(entry.path("output"), set, close);
  }

  /** Adds up what the step uses, besides passing it on. */
  private static final class Metered extends ForwardingContext {
    private Usage used = Usage.NONE;

    Metered(StepContext context) {
      super(context);
    }

    @Override
    public synchronized void use(Usage usage) {
      used = used.plus(usage);
      super.use(usage);
    }

    synchronized Usage used() {
      return used;
    }
  }
}
