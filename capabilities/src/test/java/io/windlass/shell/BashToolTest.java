package io.windlass.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Fork;
import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BashToolTest {
  @TempDir Path folder;

  @Test
  void tellsOutputErrorsAndExitCode() throws Exception {
    assertThat(run("echo {x}; pwd -P")).isEqualTo(ToolResult.of("{x}\n" + folder.toRealPath()));
    assertThat(run("echo out; echo bad >&2; exit 3"))
        .isEqualTo(ToolResult.failure("out\n[stderr]\nbad\n[exit code 3]"));
    assertThat(run("true").text()).isEqualTo("[no output, exit code 0]");
  }

  @Test
  void cutsAHundredMegabytes_butNotTheExitCode() throws Exception {
    assertThat(run("yes | head -c 104857600; exit 4").text())
        .hasSizeLessThan(50_000)
        .contains("[cut: only the first 40000 characters of 104857600 bytes are shown")
        .endsWith("[exit code 4]");
  }

  @Test
  void killsWhatItStarted_whenItIsInterrupted() throws Exception {
    try (Fork<ToolResult> fork = Fork.open("test")) {
      fork.fork(() -> run("sleep 300 & echo $! > pid; wait"));
      Path pid = folder.resolve("pid");
      while (!Files.exists(pid) || Files.readString(pid).isBlank()) {
        Thread.onSpinWait();
      }
      assertThatThrownBy(() -> fork.join(Duration.ofMillis(50)))
          .isInstanceOf(TimeoutException.class);
      Optional<ProcessHandle> sleeping =
          ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
      if (sleeping.isPresent()) {
        // Killed, and perhaps not yet cleared away.
        sleeping.get().onExit().get(20, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void returnsWhenTheShellEnds_andEndsWhatItLeftRunningWithTheStep() throws Exception {
    for (String left : List.of("sleep 60 &", "sleep 60 > /dev/null 2>&1 &")) {
      FakeStepContext context = new FakeStepContext();
      long began = System.nanoTime();
      String told = run(left + " echo $!; echo hi", context).text();
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      long pid = Long.parseLong(told.lines().findFirst().orElseThrow());
      assertThat(told)
          .startsWith(pid + "\nhi\n")
          .endsWith(
              "[1 still running in the background (pid " + pid + "), to be ended with this step]");
      ProcessHandle sleeping = ProcessHandle.of(pid).orElseThrow();
      assertThat(sleeping.isAlive()).isTrue();
      assertThat(run("kill -0 " + pid + " && echo there", context).text()).isEqualTo("there");

      context.end();
      sleeping.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  private ToolResult run(String command) throws Exception {
    return run(command, new FakeStepContext());
  }

  private ToolResult run(String command, FakeStepContext context) throws Exception {
    return new BashTool(folder, Launcher.unowned(System.getenv()))
        .call(
            new ToolCall(
                "id",
                Json.object().put("command", command),
                null,
                context,
                Duration.ofSeconds(30)));
  }
}
