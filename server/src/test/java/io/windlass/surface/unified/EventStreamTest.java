package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Streams as curl sees them. */
final class EventStreamTest {
  private final UnifiedServer server = new UnifiedServer(Artifacts.NONE);
  private final List<Process> clients = new ArrayList<>();

  private record Message(JsonNode data, String id) {}

  @AfterEach
  void stop() {
    clients.forEach(Process::destroy);
    server.close();
  }

  @Test
  void catchesUpFollowsAndEndsWithTheRun() throws Exception {
    ExecutionId id = ExecutionId.parse(server.start());
    server.executions.emit(id, new Event.StepStarted("a", 1, "First"));
    BufferedReader stream = curl("/v1/executions/" + id + "/stream");
    assertThat(next(stream).id()).isEqualTo("1");
    assertThat(next(stream).data().path("type").asString()).isEqualTo("step_started");
    server.executions.awaitFollowers(id, 1);

    server.executions.live(id, new Event.StepOutput("a", 1, 0, "Hel"));
    Message live = next(stream);
    server.executions.emit(id, new Event.StepOutput("a", 1, 0, "Hello"));
    Message stored = next(stream);
    server.executions.emit(id, new Event.ExecutionSucceeded(Json.text("Hello")));
    Message end = next(stream);

    assertThat(live.data().path("live").booleanValue()).isTrue();
    assertThat(live.id()).isEmpty();
    assertThat(stored.data().path("text").asString()).isEqualTo("lo");
    assertThat(stored.data().path("offset").intValue()).isEqualTo(3);
    assertThat(stored.id()).isEqualTo("3");
    assertThat(end.data().path("result").asString()).isEqualTo("Hello");
    assertThat(stream.readLine()).isNull();
    server.executions.awaitFollowers(id, 0);
  }

  @Test
  void goesOnAfterTheLastEventSeen() throws Exception {
    ExecutionId id = ExecutionId.parse(server.start());
    server.executions.emit(id, new Event.StepStarted("a", 1, "First"));
    server.executions.emit(id, new Event.ExecutionCancelled("local"));

    BufferedReader stream = curl("/v1/executions/" + id + "/stream", "-H", "Last-Event-ID: 1");

    assertThat(next(stream).id()).isEqualTo("2");
    assertThat(next(stream).id()).isEqualTo("3");
    assertThat(stream.readLine()).isNull();
  }

  @Test
  void goesPastAnEndThatWasResumed() throws Exception {
    ExecutionId id = ExecutionId.parse(server.start());
    server.executions.emit(id, new Event.ExecutionFailed("no"));
    server.executions.resume(id, "local");
    BufferedReader stream = curl("/v1/executions/" + id + "/events?follow=true");
    for (String type : List.of("execution_started", "execution_failed", "execution_taken")) {
      assertThat(next(stream).data().path("type").asString()).isEqualTo(type);
    }

    server.executions.awaitFollowers(id, 1);
    server.executions.emit(id, new Event.ExecutionSucceeded(Json.text("yes")));

    assertThat(next(stream).id()).isEqualTo("4");
    assertThat(stream.readLine()).isNull();
  }

  @Test
  void keepsASilentConnectionAndNoticesThatAClientHasGone() throws Exception {
    ExecutionId id = ExecutionId.parse(server.start());
    BufferedReader stream = curl("/v1/executions/" + id + "/stream");
    next(stream);

    assertThat(stream.readLine()).isEqualTo(": heartbeat");
    clients.getFirst().destroy();

    server.executions.awaitFollowers(id, 0);
  }

  private BufferedReader curl(String path, String... more) throws IOException {
    List<String> command = new ArrayList<>(List.of("curl", "-sN", server.url(path)));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).start();
    clients.add(process);
    return process.inputReader();
  }

  /** The next message; its id must come after its data. */
  private static Message next(BufferedReader stream) throws IOException {
    String line = stream.readLine();
    while (line.startsWith(":") || line.isEmpty()) {
      line = stream.readLine();
    }
    assertThat(line).startsWith("data: ");
    JsonNode data = Json.read(line.substring(6));
    UnifiedServer.CONTRACT.holdSchema(data.has("live") ? "LiveOutput" : "Event", data);
    String after = stream.readLine();
    String id = after.startsWith("id: ") ? after.substring(4) : "";
    assertThat(id.isEmpty() ? after : stream.readLine()).isEmpty();
    return new Message(data, id);
  }
}
