package io.windlass.model;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Drain;
import io.windlass.process.ProcessTree;
import io.windlass.tool.SecretVariables;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Runs a {@link Program} for each call, and ends all of it when the call ends. */
final class ProgramModel {
  private static final int WAITING = 1_000;
  private static final int LONGEST_LINE = 16 << 20;
  private static final int ERRORS = 4_000;
  private static final long PATIENCE = 200;
  private static final String END = "\n";

  /** The file that is the program's standard input, then the program and its arguments. */
  private static final String WITH_INPUT = "exec \"$@\" <\"$0\"";

  private final Program program;
  private final Path executable;
  private final Programs programs;

  ProgramModel(Program program, Path executable, Programs programs) {
    this.program = program;
    this.executable = executable;
    this.programs = programs;
  }

  LanguageModel named(String model) {
    return (request, pieces) -> ask(model, request, pieces);
  }

  private ModelAnswer ask(String model, ModelRequest request, Consumer<String> pieces)
      throws InterruptedException {
    String label = model.isEmpty() ? program.provider() : program.provider() + "/" + model;
    Path place = request.directory();
    if (place != null && !Files.isDirectory(place)) {
      throw new ModelFailure(
          ModelFailure.Kind.REJECTED,
          "%s: there is no folder %s to work in; create it or mend the step's cwd"
              .formatted(label, place));
    }
    try {
      Path folder = Files.createTempDirectory("windlass-model-");
      try {
        return run(folder, model, request, new ProgramAnswer(label, model, pieces));
      } finally {
        delete(folder);
      }
    } catch (IOException e) {
      throw new ModelFailure(
          ModelFailure.Kind.UNREACHABLE,
          "%s: cannot run %s (%s)".formatted(label, executable, Refusal.firstLine(e)),
          0,
          null,
          e);
    }
  }

  private ModelAnswer run(Path folder, String model, ModelRequest request, ProgramAnswer answer)
      throws IOException, InterruptedException {
    Path input = Files.writeString(folder.resolve("prompt"), program.input(request));
    Path directory =
        request.directory() == null
            ? Files.createDirectory(folder.resolve("work"))
            : request.directory();
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WITH_INPUT, input.toString()));
    command.add(executable.toString());
    command.addAll(program.arguments(model, request));
    ProcessTree tree = programs.launcher().start(command, directory, variables());
    try {
      Drain errors = Drain.end(tree.process().getErrorStream(), ERRORS);
      BlockingQueue<String> lines = new LinkedBlockingQueue<>(WAITING);
      AtomicBoolean left = new AtomicBoolean();
      Thread.ofPlatform()
          .daemon()
          .name("model-program")
          .start(() -> read(tree.process().getInputStream(), lines, left));
      try {
        for (String line = lines.take();
            !line.equals(END) && !answer.failed();
            line = lines.take()) {
          take(line, answer);
        }
      } finally {
        left.set(true);
      }
      if (answer.failed()) {
        return answer.whole(0, "");
      }
      int code = tree.process().waitFor();
      return answer.whole(code, errors.text());
    } finally {
      tree.kill();
    }
  }

  /** The program runs commands that a model chose: of this server's secrets it gets its own. */
  private Map<String, String> variables() {
    Map<String, String> given = new HashMap<>(programs.launcher().environment());
    programs
        .environment()
        .forEach((name, value) -> {
          if (program.needs(name) || !SecretVariables.isSecret(name, value)) {
            given.put(name, value);
          }
        });
    given
        .keySet()
        .removeIf(name ->
            name.startsWith("WINDLASS_")
                || name.equals("CC_API_TOKEN")
                || name.equals("OCC_API_KEY"));
    return given;
  }

  private void take(String line, ProgramAnswer answer) {
    try {
      program.take(Json.read(line), answer);
    } catch (WindlassException e) {
      // A warning that was printed among the objects.
      return;
    }
  }

  private static void read(InputStream output, BlockingQueue<String> lines, AtomicBoolean left) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[8192];
    try (output) {
      for (int count = output.read(chunk); count >= 0; count = output.read(chunk)) {
        for (int at = 0; at < count; at++) {
          if (chunk[at] == '\n') {
            hand(line.toString(StandardCharsets.UTF_8), lines, left);
            line.reset();
          } else if (line.size() < LONGEST_LINE) {
            line.write(chunk[at]);
          }
        }
      }
    } catch (IOException e) {
      // It was killed.
    }
    hand(line.toString(StandardCharsets.UTF_8), lines, left);
    hand(END, lines, left);
  }

  /** Waits for a place, but not for one who has left. */
  private static void hand(String line, BlockingQueue<String> lines, AtomicBoolean left) {
    try {
      while (!left.get() && !lines.offer(line, PATIENCE, TimeUnit.MILLISECONDS)) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      left.set(true);
    }
  }

  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, IOException error)
                throws IOException {
              Files.deleteIfExists(left);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // Something is written there still: a temporary folder more does no harm.
      return;
    }
  }
}
