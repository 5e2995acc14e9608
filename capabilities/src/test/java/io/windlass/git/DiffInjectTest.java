package io.windlass.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.PreToolCall;
import io.windlass.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

final class DiffInjectTest {
  @TempDir Path folder;
  private final FakeStepContext context = new FakeStepContext();
  private Path workspace;
  private Path repo;

  @BeforeEach
  void commitTwice() throws Exception {
    workspace = Files.createDirectory(folder.resolve("workspace"));
    repo = Files.createDirectory(workspace.resolve("repo"));
    git(repo, "init", "-q", "-b", "main");
    commit("a.txt", "one\n");
    git(repo, "checkout", "-q", "-b", "feature");
    commit("a.txt", "two\n");
    git(repo, "checkout", "-q", "main");
    commit("b.txt", "beside\n");
    git(repo, "checkout", "-q", "feature");
  }

  @Test
  void givesWhatABranchHasChanged() throws Exception {
    String diff = run("{\"repo\":\"repo\"}");
    assertThat(diff).startsWith(" a.txt | 2 +-").contains("\n-one\n+two").doesNotContain("b.txt");
    assertThat(run("{\"repo\":\"repo\",\"base\":\"feature\",\"head\":\"main\"}"))
        .contains("+beside")
        .doesNotContain("a.txt");
    assertThat(run("{\"repo\":\"repo\",\"base\":\"HEAD\"}"))
        .isEqualTo("No changes between HEAD and HEAD");
  }

  @Test
  void cutsToTheTokensThatAreWanted() throws Exception {
    commit("large.txt", "line of text\n".repeat(10_000));
    String diff = run("{\"repo\":\"repo\",\"max_tokens\":50}");
    assertThat(diff).hasSize(200 + "\n[truncated]".length()).endsWith("\n[truncated]");
    assertThat(context.logs()).anyMatch(line -> line.contains("raise max_tokens"));
    assertThat(run("{\"repo\":\"repo\"}")).hasSize(16_000 + "\n[truncated]".length());
  }

  @Test
  void takesNothingForAnOption() {
    assertThatThrownBy(() -> run("{\"repo\":\"repo\",\"base\":\"--output=x\"}"))
        .hasMessageContaining("base must be a branch");
    assertThatThrownBy(() -> run("{\"repo\":\"repo\",\"head\":\"a b\"}"))
        .hasMessageContaining("head must be");
    assertThatThrownBy(() -> run("{\"repo\":\"repo\",\"head\":\"absent\"}"))
        .hasMessageContaining("no commit \"absent\"");
    assertThat(repo.resolve("x")).doesNotExist();
  }

  @Test
  void staysInTheWorkspace() throws Exception {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    git(outside, "init", "-q");
    assertThatThrownBy(() -> run("{\"repo\":\"../outside\"}"))
        .hasMessageContaining("outside the workspace");
    Files.writeString(
        Files.createDirectory(workspace.resolve("linked")).resolve(".git"),
        "gitdir: " + outside.resolve(".git"));
    assertThatThrownBy(() -> run("{\"repo\":\"linked\"}"))
        .hasMessageContaining("outside the workspace");
  }

  @Test
  void doesNotReadARepositoryThatTheWorkspaceLiesIn() throws Exception {
    git(folder, "init", "-q");
    Files.createDirectory(workspace.resolve("plain"));
    assertThatThrownBy(() -> run("{\"repo\":\"plain\"}"))
        .hasMessageContaining("not a git repository");
  }

  @Test
  void runsNothingThatTheRepositoryNames() throws Exception {
    Path trace = folder.resolve("trace");
    git(repo, "config", "diff.external", "touch " + trace + " #");
    git(repo, "config", "core.fsmonitor", "touch " + trace + " #");
    git(repo, "config", "core.pager", "touch " + trace);
    assertThat(run("{\"repo\":\"repo\"}")).contains("+two");
    assertThat(trace).doesNotExist();
  }

  private String run(String fields) throws Exception {
    Workspace places = new Workspace(workspace, Files.createDirectories(folder.resolve("temp")));
    return new DiffInject(places::path, workspace, Launcher.unowned(System.getenv()))
        .run(
            new PreToolCall(
                (ObjectNode) Json.read(fields), context.state(), context, Duration.ofSeconds(30)));
  }

  private void commit(String file, String text) throws Exception {
    Files.writeString(repo.resolve(file), text);
    git(repo, "add", ".");
    git(repo, "commit", "-q", "-m", "change " + file);
  }

  private static void git(Path in, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "git",
                "-c",
                "user.name=t",
                "-c",
                "user.email=t@example.org",
                "-c",
                "commit.gpgsign=false"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).describedAs(said).isZero();
  }
}
