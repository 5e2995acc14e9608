package io.windlass.git;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs git in a repository without a shell, and so that nothing that the repository's configuration
 * names is run.
 */
final class GitCommand {
  private static final int ERROR_LIMIT = 4_000;
  private static final List<String> SAFE =
      List.of(
          "--no-pager",
          "-c",
          "core.fsmonitor=false",
          "-c",
          "core.hooksPath=/dev/null",
          "-c",
          "protocol.allow=never");

  private final Path repository;
  private final Path ceiling;
  private final Map<String, String> environment;

  /**
   * @param ceiling the folder from which upwards no repository is looked for
   * @param environment the variables that git gets, but for its own
   */
  GitCommand(Path repository, Path ceiling, Map<String, String> environment) {
    this.environment = environment;
    this.repository = repository;
    this.ceiling = ceiling;
  }

  /** What git has left; the output is cut at the limit, and git stopped there. */
  record Result(int code, String output, String errors, boolean truncated) {
    boolean worked() {
      return truncated || code == 0;
    }
  }

  /**
   * Runs to the end; an interruption kills git.
   *
   * @param limit the most bytes of output that are kept
   */
  Result run(int limit, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(SAFE);
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    Map<String, String> given = builder.environment();
    given.clear();
    given.putAll(environment);
    given.keySet().removeIf(name -> name.startsWith("GIT_"));
    given.put("GIT_CEILING_DIRECTORIES", ceiling.toString());
    given.put("GIT_TERMINAL_PROMPT", "0");
    given.put("GIT_OPTIONAL_LOCKS", "0");
    given.put("LC_ALL", "C");
    Process process = start(builder);
    try {
      process.getOutputStream().close();
      Reader output = Reader.start(process.getInputStream(), limit, process);
      Reader errors = Reader.start(process.getErrorStream(), ERROR_LIMIT, null);
      int code = process.waitFor();
      output.thread.join();
      errors.thread.join();
      return new Result(code, output.text(), errors.text().strip(), output.truncated);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED, "git cannot be run; install git: " + e.getMessage(), e);
    }
  }

  /** Reads a pipe on a platform thread, since that would hold a virtual thread's carrier. */
  private static final class Reader {
    final Thread thread;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private volatile boolean truncated;

    private Reader(InputStream stream, int limit, @Nullable Process stop) {
      this.thread =
          Thread.ofPlatform()
              .daemon()
              .name("git-output")
              .unstarted(() -> read(stream, limit, stop));
    }

    static Reader start(InputStream stream, int limit, @Nullable Process stop) {
      Reader reader = new Reader(stream, limit, stop);
      reader.thread.start();
      return reader;
    }

    private void read(InputStream stream, int limit, @Nullable Process stop) {
      byte[] chunk = new byte[8192];
      try (stream) {
        for (int length = stream.read(chunk); length >= 0; length = stream.read(chunk)) {
          int room = Math.min(length, limit - kept.size());
          kept.write(chunk, 0, room);
          if (room < length) {
            truncated = true;
            if (stop != null) {
              stop.destroyForcibly();
              return;
            }
          }
        }
      } catch (IOException e) {
        // The process was killed: what came before stands.
      }
    }

    String text() {
      String text = kept.toString(StandardCharsets.UTF_8);
      return truncated && text.endsWith("\uFFFD") ? text.substring(0, text.length() - 1) : text;
    }
  }
}
