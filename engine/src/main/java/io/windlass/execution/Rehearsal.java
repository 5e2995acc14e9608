package io.windlass.execution;

import io.windlass.definition.Definition;
import io.windlass.definition.DefinitionKind;
import io.windlass.definition.Definitions;
import io.windlass.kernel.WindlassException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs definitions with the engine's own runner and nothing under it: no row and no event is
 * stored, nobody is asked (every question gets its consenting answer), and no time is waited. What
 * steps do to the world is not kept from them here: give kinds whose steps only pretend.
 */
public final class Rehearsal {
  private static final int AT_ONCE = 8;

  private final Definitions definitions;
  private final InstantSource clock;
  private final Limits limits;
  private final Semaphore places = new Semaphore(AT_ONCE);

  /**
   * Where a rehearsal ends.
   *
   * @param time how long it may take
   * @param executions how many executions it may consist of, the first one among them
   */
  public record Limits(Duration time, int executions) {
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(20), 200);
  }

  /**
   * @param definitions where children are found
   */
  public Rehearsal(Definitions definitions, InstantSource clock, Limits limits) {
    this.definitions = definitions;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Runs one definition to its end.
   *
   * @param kinds what documents are compiled with, children's too
   * @throws WindlassException INVALID_DEFINITION, INVALID_INPUT
   */
  public Rehearsed play(
      List<? extends DefinitionKind> kinds,
      String kind,
      String name,
      String source,
      ObjectNode input)
      throws InterruptedException {
    Map<String, DefinitionKind> byName =
        kinds.stream().collect(Collectors.toMap(DefinitionKind::name, Function.identity()));
    places.acquire();
    try (RehearsalStage stage = new RehearsalStage(byName, this::find, clock, limits)) {
      return stage.play(kind, name, source, input);
    } finally {
      places.release();
    }
  }

  private Definition find(String kind, String name) {
    return Starter.definition(definitions, kind, name);
  }
}
