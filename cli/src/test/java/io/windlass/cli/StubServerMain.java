package io.windlass.cli;

import static io.windlass.cli.StubServer.events;
import static io.windlass.cli.StubServer.json;
import static io.windlass.cli.StubServer.sample;

/** A server process that knows one chain; it lives until it is told to stop. */
public final class StubServerMain {
  private StubServerMain() {}

  public static void main(String[] ports) {
    var _ =
        new StubServer(Integer.parseInt(ports[0]))
            .on("GET /health", json(200, "{\"status\":\"up\"}"));
    var _ =
        new StubServer(Integer.parseInt(ports[1]))
            .on("POST /execute/report", json(200, "{\"executionId\":\"1a2b3c4d5e6f7890\"}"))
            .on("GET /executions/1a2b3c4d5e6f7890/stream", events(Samples.text("stream-done.sse")))
            .on("GET /executions/1a2b3c4d5e6f7890", sample("execution-done.json"));
  }
}
