package io.windlass.cli;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What can be said of a schedule, new or known. */
final class ScheduleFields {
  @Option(
      names = "--cron",
      paramLabel = "FIELDS",
      description = "Minute, hour, day of month, month, day of week, as '0 7 * * 1-5'.")
  private @Nullable String cron;

  @Option(names = "--label", paramLabel = "TEXT", description = "A name for people.")
  private @Nullable String label;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "chain (default), pipeline, graph or workflow.")
  private @Nullable String kind;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      description = "The time zone of the cron fields, as Europe/Brussels; default the server's.")
  private @Nullable String zone;

  @Option(
      names = "--enabled",
      paramLabel = "true|false",
      arity = "1",
      description = "Whether it fires.")
  private @Nullable Boolean enabled;

  @Option(
      names = "--overlap",
      paramLabel = "RULE",
      description = "While the last run goes on: allow (default), skip or queue.")
  private @Nullable String overlap;

  @Option(
      names = "--misfire",
      paramLabel = "RULE",
      description = "For due times missed: skip (default) or once.")
  private @Nullable String misfire;

  @Option(
      names = "--lateness",
      paramLabel = "SECONDS",
      description = "How late a run may still start.")
  private @Nullable Long lateness;

  @Mixin private final InputOptions input = new InputOptions();

  ObjectNode draft(Terminal terminal) {
    ObjectNode draft = Documents.object();
    put(draft, "cron", cron);
    put(draft, "label", label);
    put(draft, "kind", kind);
    put(draft, "time_zone", zone);
    put(draft, "overlap", overlap);
    put(draft, "misfire", misfire);
    if (enabled != null) {
      draft.put("enabled", enabled.booleanValue());
    }
    if (lateness != null) {
      draft.put("lateness_seconds", lateness.longValue());
    }
    ObjectNode given = input.read(terminal);
    if (!given.isEmpty()) {
      draft.set("input", given);
    }
    return draft;
  }

  /**
   * Makes of the texts of the draft's input what its definition takes.
   *
   * @param schedule says what is not in the draft; asked only when that matters
   */
  void type(ObjectNode draft, Http unified, Supplier<JsonNode> schedule) {
    if (!input.hasTexts()) {
      return;
    }
    JsonNode told = draft.has("kind") && draft.has("name") ? draft : schedule.get();
    String kind = Documents.text(draft.has("kind") ? draft : told, "kind");
    if (InputTypes.matterFor(kind) && draft.get("input") instanceof ObjectNode given) {
      String name = Documents.text(draft.has("name") ? draft : told, "name");
      input.type(given, InputTypes.of(unified, kind, name));
    }
  }

  private static void put(ObjectNode draft, String field, @Nullable String value) {
    if (value != null) {
      draft.put(field, value);
    }
  }
}
