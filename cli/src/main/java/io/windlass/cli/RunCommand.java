package io.windlass.cli;

import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs a chain and shows it. */
@Command(
    name = "run",
    description = {
      "Run a chain, or with --kind a document of another kind, show its progress on standard error",
      "and its result on standard output.",
      "A file is saved as a chain first. When no server is running, one is started for the duration."
    },
    footer = {
      "",
      "Questions of gates are asked at a terminal; elsewhere `windlass approve` answers them.",
      "Ctrl-C asks whether to cancel; a second Ctrl-C cancels.",
      "",
      "Example:",
      "  windlass run repo-health -i path=\"$PWD\" > report.md",
      "  windlass run decision-debate --example",
      "  windlass run --kind graph reflection -i task=\"A poem on rivers\"",
      "  windlass run ./my-chain.yaml -i topic=rivers -i notes=@notes.txt --stream"
    })
final class RunCommand extends RemoteCommand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(500);

  @Mixin private final ChainOptions chain = new ChainOptions();
  @Mixin private final Following following = new Following();

  RunCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (!chain.kind.isChain()) {
      return other(chain.kind.name());
    }
    ChainSource source = chain.source();
    var body = Documents.object();
    body.set("input", chain.input(terminal));
    String yaml = ChainOptions.text(source, terminal);
    try (TemporaryServer server = TemporaryServer.ifNoneListens(connection, terminal)) {
      following.checkDetach(server);
      Http chains = chains();
      if (yaml != null) {
        new Saving(chains, unified(), terminal).save(source.name(), yaml);
      }
      JsonNode started = start(chains, Http.path("execute", source.name()), body);
      String id = Started.id(started);
      if (following.detach) {
        answer(started, id);
        return ExitCode.OK;
      }
      return following.follow(
          new RunSite.OfChain(chains, unified(), "executions", id), connection.json, terminal);
    }
  }

  /** A document that is no chain is known to the unified surface alone. */
  private int other(String kind) {
    ChainSource source = chain.source();
    var body = Documents.object().put("kind", kind).put("name", source.name());
    ObjectNode input = chain.input(terminal);
    body.set("input", input);
    String yaml = ChainOptions.text(source, terminal);
    try (TemporaryServer server = TemporaryServer.ifNoneListens(connection, terminal)) {
      following.checkDetach(server);
      Http unified = unified();
      chain.type(input, source, yaml, unified);
      if (yaml != null) {
        var draft = Documents.object().put("source", yaml);
        var _ =
            unified.send(
                "PUT", Http.path("v1", "definitions", kind, source.name()), draft, Map.of());
      }
      JsonNode started = start(unified, "/v1/executions", body);
      String id = Started.id(started);
      if (following.detach) {
        answer(started, id);
        return ExitCode.OK;
      }
      return following.follow(new RunSite.OfAny(unified, id, null), connection.json, terminal);
    }
  }

  /** The key makes the start safe to send again, for us and for every proxy between. */
  private JsonNode start(Http surface, String path, ObjectNode body) {
    var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
    long until = System.nanoTime() + PATIENCE.toNanos();
    boolean told = false;
    while (true) {
      try {
        return surface.send("POST", path, body, key);
      } catch (CliException e) {
        // Where nobody listens from the first, nobody is expected back.
        boolean absent = !told && e.getCause() instanceof ConnectException;
        if (!e.isUnreachable() || absent || System.nanoTime() > until) {
          throw e;
        }
        if (!told) {
          terminal.complain("connection lost, trying again …");
          told = true;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }
}
