package io.windlass.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** A command that asks a server; its subclasses say what. */
abstract class RemoteCommand implements Callable<Integer> {
  final Terminal terminal;

  @Mixin final Connection connection = new Connection();

  RemoteCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public abstract Integer call();

  final Http chains() {
    return connection.chains(terminal);
  }

  final Http unified() {
    return connection.unified(terminal);
  }

  /** JSON when that was asked for, otherwise the text. */
  final void answer(JsonNode json, String text) {
    if (connection.json) {
      terminal.out().println(Documents.pretty(json));
    } else {
      terminal.print(text);
    }
  }
}
