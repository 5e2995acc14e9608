package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import io.windlass.step.LogLevel;
import io.windlass.step.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EventJsonTest {
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final ExecutionId CHILD =
      ExecutionId.parse("0196f2a0-0000-7000-8000-000000000001");
  private static final UUID ASKED = UUID.fromString("0196f2a0-0000-7000-8000-000000000002");
  private static final List<Event> ALL =
      List.of(
          new Event.ExecutionStarted("chain", "toy", Map.of("topic", Json.text("x"))),
          new Event.ExecutionTaken(2, "node-1", "recovery", false),
          new Event.ExecutionWaiting(),
          new Event.ExecutionSucceeded(Json.text("done")),
          new Event.ExecutionFailed("no"),
          new Event.ExecutionStopping("local"),
          new Event.ExecutionCancelled("local"),
          new Event.StepStarted("a", 1, "A"),
          new Event.StepOutput("a", 1, 0, "text"),
          new Event.StepLog("a", LogLevel.WARN, "careful"),
          new Event.StepCacheHit("a"),
          new Event.StepRetried("a", 1, "timed out", 2000),
          new Event.StepDone(
              "a",
              1,
              1,
              Json.text("out"),
              Map.of("v", Json.text("out")),
              Set.of("b"),
              5,
              new Usage("m", 1, 2, new BigDecimal("0.01"))),
          new Event.StepSkipped("a", "condition", false, true),
          new Event.StepFailed("a", 1, "no", 5, null),
          new Event.EffectBegun("a", "k", "send", Event.OnRecoveryName.ASK),
          new Event.EffectDone("a", "k", Json.text("sent")),
          new Event.EffectFailed("a", "k", "refused"),
          new Event.ApprovalAsked("a", "gate", ASKED, "gate", "Go on?", AT),
          new Event.ApprovalAnswered("a", "gate", ASKED, "approve", "local", null, AT, false),
          new Event.ChildStarted("a", "c", CHILD, "0123", "chain", "toy"),
          new Event.ChildEnded("a", "c", CHILD, false, Json.text(""), "no"),
          new Event.SleepBegun("a", "s", AT),
          new Event.SleepEnded("a", "s"),
          new Event.RunAgainAsked("b", "r", "a", Map.of("note", Json.text("no")), "pre:"));

  @Test
  void everyKindOfEventFitsTheDocument() {
    assertThat(ALL.stream().map(Event::getClass).distinct().count())
        .isEqualTo(
            Arrays.stream(Event.class.getDeclaredClasses())
                .filter(type -> type.isRecord() && Event.class.isAssignableFrom(type))
                .count());
    for (Event event : ALL) {
      UnifiedServer.CONTRACT.holdSchema("Event", EventJson.of(new Entry(7, AT, event)));
    }
  }

  @Test
  void everyEventIsNamedAsItIsStored() {
    for (Event event : ALL) {
      assertThat(EventJson.of(new Entry(7, AT, event)).path("type").asString())
          .isEqualTo(Json.tree(event).path("type").asString());
    }
  }

  @Test
  void saysMoreThanItsType() {
    Event done = ALL.stream().filter(Event.StepDone.class::isInstance).findFirst().orElseThrow();
    assertThat(EventJson.of(new Entry(7, AT, done)).propertyNames())
        .containsExactly(
            "number",
            "at",
            "type",
            "step",
            "visit",
            "attempt",
            "output",
            "set",
            "close",
            "duration_ms",
            "usage");
  }
}
