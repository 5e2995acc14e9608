package io.windlass.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.PreTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class BashTest {
  /**
   * Starts grandchildren of three kinds and tells their ids: in the group, orphaned, in a session
   * of its own.
   */
  private static final String FAMILY =
      """
      sleep 300 & echo $! >> pids
      ( sleep 300 & echo $! >> pids )
      setsid sleep 300 & echo $! >> pids
      echo $$ >> pids
      echo ready > ready
      wait
      """;

  @TempDir Path folder;
  private Bash bash;
  private final FakeStepContext context = new FakeStepContext();

  @BeforeEach
  void open() {
    bash = new Bash(folder, Launcher.unowned(System.getenv()));
  }

  @Test
  void givesTheOutputWithoutItsLastNewlines() throws Exception {
    assertThat(run("echo ' one '; echo; echo")).isEqualTo(" one ");
  }

  @Test
  void runsInTheWorkspaceOrWhereCwdSays() throws Exception {
    Files.createDirectory(folder.resolve("a b"));
    assertThat(run("pwd -P")).isEqualTo(folder.toRealPath().toString());
    ObjectNode fields = command("pwd -P").put("cwd", "{where}");
    State state = State.EMPTY.with("where", Json.text("a b"));
    assertThat(bash.run(call(fields, state)))
        .isEqualTo(folder.toRealPath().resolve("a b").toString());
    assertThatThrownBy(() -> bash.run(call(command("pwd").put("cwd", "absent"), State.EMPTY)))
        .hasMessageContaining("cwd is not a directory")
        .hasMessageContaining("absent");
  }

  @Test
  void hasNoInput() throws Exception {
    assertThat(run("cat; echo done")).isEqualTo("done");
  }

  @Test
  void failsWithTheEndOfStderr_whenTheExitCodeIsNotZero() {
    assertThatThrownBy(() -> run("echo out; for i in $(seq 9999); do echo e$i >&2; done; exit 3"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("bash exited with code 3: …")
        .hasMessageEndingWith("e9999")
        .satisfies(e -> assertThat(String.valueOf(e.getMessage()).length()).isLessThan(2_100));
    assertThatThrownBy(() -> run("echo only this; exit 1"))
        .hasMessage("bash exited with code 1 after writing: only this");
    assertThatThrownBy(() -> run("exit 7")).hasMessage("bash exited with code 7 and wrote nothing");
  }

  @Test
  void tellsStderrAndTheExitCode_whenAskedForStderr() throws Exception {
    ObjectNode fields = command("echo out; echo oops >&2; exit 4").put("stderr", true);
    assertThat(bash.run(call(fields, State.EMPTY))).isEqualTo("out\n[stderr]\noops\n[exit code 4]");
  }

  @Test
  void keepsFiveMegabytesOfAHundred() throws Exception {
    String output = run("head -c 100000000 /dev/zero | tr '\\0' 'x'; echo >&2");
    assertThat(output).hasSize((5 << 20) + "\n[truncated]".length()).endsWith("x\n[truncated]");
    assertThat(context.logs()).anyMatch(line -> line.contains("of 100000000 bytes"));
  }

  @Test
  void drainsStderrWhileItWaitsForOutput() throws Exception {
    assertThat(run("head -c 10000000 /dev/zero | tr '\\0' 'x' >&2; echo fine")).isEqualTo("fine");
  }

  @Test
  void killsTheWholeFamily_whenTimeIsUp() throws Exception {
    ObjectNode fields = command(FAMILY).put("timeout_ms", 1500).put("inject_as", "x");
    State after = new PreTools(List.of(bash)).run(context, List.of(fields), State.EMPTY);
    assertThat(after.text("x")).contains("took longer than 1500 ms");
    assertDead();
  }

  @Test
  void killsTheWholeFamily_whenTheStepIsCancelled() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread step = start(thrown);
    awaitReady();
    context.cancel();
    step.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertDead();
    assertThat(context.cancelHooks()).isZero();
  }

  @Test
  void killsTheWholeFamily_whenItsThreadIsInterrupted() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread step = start(thrown);
    awaitReady();
    step.interrupt();
    step.join();
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertDead();
  }

  @Test
  void leavesNothingRunning_whenTheServerDies() throws Exception {
    Process server =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                CrashingServer.class.getName(),
                folder.toString(),
                FAMILY.replace("setsid ", ""))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    try {
      awaitReady();
    } finally {
      server.destroyForcibly().waitFor();
    }
    assertDead();
  }

  private Thread start(AtomicReference<Throwable> thrown) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            run(FAMILY);
          } catch (Throwable e) {
            thrown.set(e);
          }
        });
  }

  private void awaitReady() throws Exception {
    Path ready = folder.resolve("ready");
    for (int i = 0; i < 3_000 && !Files.exists(ready); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(ready).exists();
  }

  private void assertDead() throws Exception {
    List<String> pids = Files.readAllLines(folder.resolve("pids"));
    assertThat(pids).hasSize(4);
    List<String> alive = new ArrayList<>(pids);
    for (int i = 0; i < 300 && !alive.isEmpty(); i++) {
      alive.removeIf(pid -> !alive(pid));
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(alive).isEmpty();
  }

  /** A zombie that nobody has reaped yet counts as dead. */
  private static boolean alive(String pid) {
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).matches("(?s).*\\) [ZX] .*");
    } catch (IOException e) {
      return false;
    }
  }

  private String run(String command) throws Exception {
    return bash.run(call(command(command), State.EMPTY));
  }

  private PreToolCall call(ObjectNode fields, State state) {
    return new PreToolCall(fields, state, context, Duration.ofSeconds(30));
  }

  private static ObjectNode command(String command) {
    return Json.object().put("type", "bash").put("command", command);
  }

  /** A server that runs one command until it is killed. */
  static final class CrashingServer {
    private CrashingServer() {}

    public static void main(String[] arguments) throws Exception {
      new Shell(Launcher.unowned(System.getenv()))
          .run(arguments[1], Path.of(arguments[0]), new FakeStepContext());
    }
  }
}
