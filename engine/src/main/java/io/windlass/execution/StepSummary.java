package io.windlass.execution;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.windlass.kernel.Json;
import io.windlass.step.Usage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** The compact form of an execution's steps that stands in its row, for lists. */
final class StepSummary {
  private static final TypeReference<List<Item>> ITEMS = new TypeReference<>() {};

  private StepSummary() {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  private record Item(
      String id,
      @Nullable String label,
      String kind,
      StepStatus status,
      @Nullable Integer visits,
      @Nullable Integer attempts,
      @Nullable String error,
      @Nullable Long from,
      @Nullable Long to,
      @Nullable Long ms,
      @Nullable Usage usage) {}

  static String write(List<StepView> steps) {
    List<Item> items = new ArrayList<>(steps.size());
    for (StepView step : steps) {
      items.add(
          new Item(
              step.id(),
              step.label().equals(step.id()) ? null : step.label(),
              step.kind(),
              step.status(),
              step.visits() == 1 ? null : Integer.valueOf(step.visits()),
              step.attempts() == 1 ? null : Integer.valueOf(step.attempts()),
              step.error(),
              step.startedAt() == null ? null : step.startedAt().toEpochMilli(),
              step.finishedAt() == null ? null : step.finishedAt().toEpochMilli(),
              step.durationMs(),
              step.usage().isNone() ? null : step.usage()));
    }
    return Json.write(items);
  }

  static List<StepView> read(String text) {
    return Json.MAPPER.readValue(text, ITEMS).stream()
        .map(item ->
            new StepView(
                item.id(),
                item.label() == null ? item.id() : item.label(),
                item.kind(),
                item.status(),
                item.visits() == null ? 1 : item.visits(),
                item.attempts() == null ? 1 : item.attempts(),
                null,
                item.error(),
                item.from() == null ? null : Instant.ofEpochMilli(item.from()),
                item.to() == null ? null : Instant.ofEpochMilli(item.to()),
                item.ms(),
                item.usage() == null ? Usage.NONE : item.usage()))
        .toList();
  }
}
