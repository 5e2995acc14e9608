package io.windlass.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the command line reads and writes, and what it may assume about it.
 *
 * @param in what the user types
 * @param out results
 * @param err progress and errors
 * @param env environment variables
 * @param interactive whether a person can answer: input and error output are terminals
 * @param outIsTerminal whether results go to a terminal
 * @param errIsTerminal whether progress goes to a terminal
 */
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> env,
    boolean interactive,
    boolean outIsTerminal,
    boolean errIsTerminal) {

  Terminal {
    env = Map.copyOf(env);
  }

  static Terminal ofProcess() {
    boolean in = isTerminal(0);
    boolean out = isTerminal(1);
    boolean err = isTerminal(2);
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getenv(),
        in && err,
        out,
        err);
  }

  @Nullable String setting(String name) {
    String value = env.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  boolean outColours() {
    return outIsTerminal && mayColour();
  }

  boolean errColours() {
    return errIsTerminal && mayColour();
  }

  /** One line on the error output. */
  void say(String line) {
    err.println(line);
  }

  /** A warning or an error: further lines of the text are indented under the first. */
  void complain(String text) {
    err.println("windlass: " + Wording.clean(text).strip().replace("\n", "\n  "));
  }

  /** A text from outside: on a terminal it cannot move the cursor or change colours. */
  void print(String text) {
    out.print(outIsTerminal ? Wording.clean(text) : text);
    if (!text.endsWith("\n")) {
      out.println();
    }
  }

  private boolean mayColour() {
    return setting("NO_COLOR") == null && !"dumb".equals(env.get("TERM"));
  }

  /** The kernel names what stands behind a descriptor; elsewhere all three are judged together. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      Console console = System.console();
      return console != null && console.isTerminal();
    }
  }
}
