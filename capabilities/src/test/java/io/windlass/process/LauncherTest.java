package io.windlass.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that left their session, and the server that started them. */
final class LauncherTest {
  private static final Map<String, String> PATH = Map.of("PATH", System.getenv("PATH"));
  private final List<ProcessHandle> started = new ArrayList<>();
  @TempDir Path folder;

  @AfterEach
  void endAll() {
    started.forEach(ProcessHandle::destroyForcibly);
  }

  @Test
  void endsWhatItsOwnServerLeftBehindAndNoOther() throws Exception {
    ProcessHandle own = leftBehind(new Launcher(() -> "aa11", PATH));
    ProcessHandle other = leftBehind(new Launcher(() -> "aa1", PATH));
    ProcessHandle nobodys = leftBehind(Launcher.unowned(PATH));
    ProcessHandle told =
        leftBehind(
            new Launcher(
                () -> "bb22",
                Map.of("PATH", System.getenv("PATH"), "NOTE", "WINDLASS_PROCESS_TREE=aa11/x")));

    Launcher restarted = new Launcher(() -> "aa11", PATH);
    assertThat(restarted.endSurvivors()).isEqualTo(1);
    own.onExit().get(5, TimeUnit.SECONDS);
    assertThat(List.of(other, nobodys, told)).allMatch(ProcessHandle::isAlive);
    assertThat(restarted.endSurvivors()).isZero();
    assertThat(Launcher.unowned(PATH).endSurvivors()).isZero();
    assertThat(List.of(other, nobodys, told)).allMatch(ProcessHandle::isAlive);
  }

  @Test
  void givesProgramsTheseVariablesAndNoMore() throws Exception {
    ProcessTree tree =
        Launcher.unowned(Map.of("PATH", System.getenv("PATH"), "MINE", "yes"))
            .start(List.of("env"), folder);
    String all = new String(tree.process().getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(all.lines().map(line -> line.replaceFirst("=.*", "")))
        .contains("PATH", "MINE", "WINDLASS_PROCESS_TREE")
        .doesNotContain("HOME", "USER");
  }

  /** A program in a session of its own, whose server has died. */
  private ProcessHandle leftBehind(Launcher launcher) throws IOException, InterruptedException {
    ProcessTree tree =
        launcher.start(
            List.of("sh", "-c", "setsid sleep 300 >/dev/null 2>&1 & echo $!; wait"), folder);
    BufferedReader output = tree.process().inputReader();
    ProcessHandle left = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
    started.add(left);
    while (!left.info().command().orElse("").endsWith("sleep")) {
      Thread.onSpinWait();
    }
    tree.process().getOutputStream().close();
    tree.process().waitFor();
    assertThat(left.isAlive()).isTrue();
    return left;
  }
}
