package io.windlass.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs commands as a shell would, and keeps what they wrote. */
final class Shell {
  /** What a command left behind. */
  record Result(int exit, String out, String err) {
    JsonNodeView json() {
      return new JsonNodeView(out);
    }
  }

  /** The standard output as JSON. */
  record JsonNodeView(String text) {
    String at(String pointer) {
      return Documents.show(Documents.read(text).at(pointer));
    }
  }

  private final Map<String, String> env = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private InputStream in = new ByteArrayInputStream(new byte[0]);
  private boolean interactive;
  private boolean terminals;

  static Shell at(StubServer stub) {
    return new Shell().env("WINDLASS_URL", stub.url()).env("WINDLASS_CHAINS_URL", stub.url());
  }

  Shell env(String name, String value) {
    env.put(name, value);
    return this;
  }

  Shell typing(String text) {
    in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** A person sits at a terminal and types what comes from there. */
  Shell atTerminal(InputStream keyboard) {
    in = keyboard;
    interactive = true;
    terminals = true;
    return this;
  }

  Shell withTerminals() {
    terminals = true;
    return this;
  }

  String errSoFar() {
    return err.toString(StandardCharsets.UTF_8);
  }

  Result run(String... arguments) {
    Terminal terminal =
        new Terminal(
            in,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            env,
            interactive,
            terminals,
            terminals);
    int exit = Main.run(terminal, arguments);
    return new Result(exit, out.toString(StandardCharsets.UTF_8), errSoFar());
  }
}
