package io.windlass.surface.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.execution.StartRequest;
import io.windlass.http.OpenApiContract;
import io.windlass.journal.Entry;
import io.windlass.journal.Event;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.store.TestStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The contract's examples, in its shapes, against the document and against what is sent. */
final class SamplesTest {
  private static final String CHAIN =
      """
      name: Sampled
      steps:
        - {id: one, type: transform, operation: template, template_str: hello, prompt: x, output_var: a}
        - {id: ask, type: gate, prompt: "Go on?", output_var: b, depends_on: [one]}
      output: a
      """;
  private static final String OUTER =
      """
      name: Outer
      steps:
        - {id: sub, type: subchain, prompt: x, subchain: inner, output_var: a}
      output: a
      """;
  private static final String ANSWER =
      """
      {"place": 0, "millis": 2500, "broken": "", "answer": {"text": "hi", "finish": "STOP", "calls": [],
        "usage": {"model": "openai/gpt-4", "inputTokens": 150, "outputTokens": 300, "costUsd": 0.0135}}}
      """;
  @TempDir Path folder;

  @Test
  void theDocumentTakesEveryExample() throws Exception {
    OpenApiContract contract = OpenApiContract.loadStrict("/openapi/compute.yaml", "");
    read("answers.json")
        .properties()
        .forEach(sample -> contract.holdSchema(sample.getKey(), sample.getValue()));
  }

  @Test
  void everyEventHasTheFieldsOfItsExample() throws Exception {
    JsonNode samples = read("events.json");
    Set<String> told = new HashSet<>();
    var limits = ComputeConfig.Limits.STANDARD;
    try (var server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of())) {
      List<ComputeEvent> events = new ArrayList<>();
      for (String answer : List.of("approve", "reject")) {
        events.addAll(run(server, answer));
      }
      for (ComputeEvent event : events) {
        JsonNode sample = samples.path(event.name());
        if (sample.isObject()) {
          told.add(event.name());
          assertSameShape(event.name(), sample, event.data());
        }
      }
      assertThat(events.stream().map(ComputeEvent::id)).isNotEmpty();
    }
    assertThat(told).isEqualTo(new HashSet<>(samples.propertyNames()));
  }

  @Test
  void tellsACancelledRunAsFailed_withItsOwnStatus() throws Exception {
    var limits = ComputeConfig.Limits.STANDARD;
    try (var server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of())) {
      server.engine.definitions().save("chain", "sampled", CHAIN);
      var started = start(server);
      server.engine.executions().cancel(started, "local");
      ComputeEvent last = EventPage.all(sources(server), started).getLast();
      assertThat(last.name()).isEqualTo(ComputeEvent.FAILED);
      assertThat(last.data().path("status").asString()).isEqualTo("cancelled");
      assertThat(last.data().at("/error/code").asString()).isEqualTo("ERR_EXEC_003");
    }
  }

  @Test
  void followsWhatStepsStart_underTheOutermostsId() throws Exception {
    var limits = ComputeConfig.Limits.STANDARD;
    try (var server = new ComputeServer(folder, TestStore.SQLITE, limits, Set.of())) {
      server.engine.definitions().save("chain", "inner", CHAIN);
      server.engine.definitions().save("chain", "sampled", OUTER);
      var id = start(server);
      String publicId = server.engine.executions().get(id).publicId();
      EventSources sources = sources(server);
      List<ComputeEvent> live = new ArrayList<>();
      var follower =
          new EventFollower(
              sources,
              id,
              new EventViewer() {
                @Override
                public void show(ComputeEvent event) {
                  live.add(event);
                  if (event.name().equals("interactive_prompt")) {
                    String prompt = event.data().path("prompt_id").asString().substring(7);
                    server
                        .engine
                        .approvals()
                        .decide(UUID.fromString(prompt), "approve", "local", "test", null);
                  }
                }

                @Override
                public void idle() {
                  throw new AssertionError("nothing happens");
                }
              });
      follower.follow();
      assertThat(live).allMatch(one -> one.data().path("execution_id").asString().equals(publicId));
      assertThat(live.stream().filter(one -> one.name().equals("node_started")))
          .extracting(one -> one.data().path("node_name").asString())
          .containsExactly("sub", "one", "ask");
      assertThat(live.stream().filter(one -> one.name().equals("step_started"))).hasSize(1);
      assertThat(live.getLast().name()).isEqualTo(ComputeEvent.COMPLETED);
      assertThat(EventPage.all(sources, id))
          .extracting(ComputeEvent::id)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(live.stream().map(ComputeEvent::id).toList());
    }
  }

  private static io.windlass.kernel.ExecutionId start(ComputeServer server) {
    var request =
        new StartRequest("chain", "sampled", Json.object(), "test", "local", "", null, null);
    return server.engine.executions().start(request).id();
  }

  private static EventSources sources(ComputeServer server) {
    return new EventSources(
        server.engine.executions(),
        server.engine.approvals(),
        Forecast.NONE,
        _ -> 0,
        execution -> Words.status(execution.status()));
  }

  private static List<ComputeEvent> run(ComputeServer server, String answer) throws Exception {
    var engine = server.engine;
    engine.definitions().save("chain", "sampled", CHAIN);
    var id = start(server);
    EventSources sources = sources(server);
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (engine.approvals().findOpen(id, "ask").isEmpty() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    var open = engine.approvals().findOpen(id, "ask").orElseThrow();
    try {
      engine.approvals().decide(open.id(), answer, "local", "test", null);
    } catch (WindlassException e) {
      throw new AssertionError(e.text(), e);
    }
    var _ = engine.executions().awaitEnd(id, Duration.ofSeconds(20)).orElseThrow();
    List<ComputeEvent> events = EventPage.all(sources, id);
    // No step of this chain asks a model: its answer is put in as the journal keeps one.
    var call = new Event.EffectDone("one", "answer", Json.read(ANSWER));
    events.addAll(new ComputeEvents(id, sources, true).of(new Entry(99, Instant.now(), call)));
    return events;
  }

  private static void assertSameShape(String where, JsonNode sample, JsonNode given) {
    sample
        .properties()
        .forEach(field -> {
          String name = where + "." + field.getKey();
          assertThat(given.has(field.getKey())).as(name).isTrue();
          JsonNode value = given.path(field.getKey());
          if (!value.isNull()) {
            assertThat(value.getNodeType()).as(name).isEqualTo(field.getValue().getNodeType());
          }
          if (field.getValue().isObject()) {
            assertSameShape(name, field.getValue(), value);
          }
        });
  }

  private static JsonNode read(String name) throws IOException {
    try (InputStream in = SamplesTest.class.getResourceAsStream("/compute/" + name)) {
      return Json.MAPPER.readTree(in);
    }
  }
}
