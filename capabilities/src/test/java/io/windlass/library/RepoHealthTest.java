package io.windlass.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.chain.ChainKind;
import io.windlass.chain.TransformKind;
import io.windlass.kernel.Json;
import io.windlass.process.Launcher;
import io.windlass.shell.Bash;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.step.StepOutcome;
import io.windlass.text.Condition;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs the bundled chain's own steps, in order, on repositories made for the purpose. */
@Timeout(120)
class RepoHealthTest {
  private static final Path CHAIN = Path.of("../library/chains/repo-health.yaml");

  @TempDir Path folder;

  @Test
  void reportsOnARepositoryWithoutAModel() throws Exception {
    Path repository = repository("it's a \"repo\" $HOME");
    write(repository, "README.md", "# Hello\n");
    write(repository, "src/Main.java", "class Main {\n  // TODO name it | better\n}\n");
    write(repository, "src/MainTest.java", "class MainTest {}\n");
    write(repository, "we`ird|na me\tx\n.py", "# FIXME broken 'hunter2secret'\nx = 1\n");
    write(repository, "é漢.txt", "text\n");
    write(repository, "config.py", "PASSWORD = 'hunter2secret'\nkey = \"AKIAABCDEFGHIJKLMNOP\"\n");
    write(
        repository,
        "package.json",
        "{\n \"dependencies\": {\n  \"a\": \"1\",\n  \"b\": \"2\"\n }\n}\n");
    write(repository, "blob.bin", "\0\1\2");
    commit(repository, "Add it | all `now` {root}", "Ann <b>|x");
    write(repository, "src/Main.java", "class Main {}\n// HACK\n");
    commit(repository, "Second", "Ben");
    write(repository, "untracked", "x");

    String report = report(repository.toString());

    assertThat(report)
        .startsWith("# Repository health: `it's a \"repo\" $HOME`\n")
        .contains("| Commits | 2, the first on ")
        .contains("| Work tree | 0 changed, 1 untracked |")
        .contains("## At a glance\n\n- ⚠️")
        .contains("2 commits in the last twelve months")
        .contains("2 authors;")
        .contains("| Java | 3 | ")
        .contains("| Python | 4 | ")
        .contains("and 1 binary.")
        .contains("| `we'ird\\|na me x?.py` |")
        .contains("| `é漢.txt` | 5 B |")
        .contains("| `src/Main.java:2` | `HACK` |")
        .contains(".py:1` | `FIXME broken \"…\"` |")
        .contains("| README | `README.md` |")
        .contains("| Licence | — |")
        .contains("| `package.json` | 2 |")
        .contains("| `config.py:1` | `PASSWORD = ••••••••` |")
        .contains("| `config.py:2` | AWS access key `AKIA••••` |")
        .contains("2 possible secrets outside tests and examples")
        .contains("⚠️ No continuous integration is set up.")
        .contains("⚠️ There is no licence file")
        .doesNotContain("hunter2secret")
        .doesNotContain("AKIAABCDEFGHIJKLMNOP")
        .doesNotContain("PRE-TOOL ERROR")
        .doesNotContain("## Assessment")
        .doesNotContain("\n> ");
    assertThat(report).doesNotContainPattern("(?m)^\\| .*[^|\n]$");
  }

  @Test
  void isASoundChain_saveThatTheseTestsHaveNoAgents() throws Exception {
    ChainKind chains =
        new ChainKind(
            Map.of("transform", new TransformKind(), TransformKind.GATHER, new TransformKind()),
            PreTools.requiredFields());
    assertThat(chains.lint("repo-health", Files.readString(CHAIN)))
        .singleElement()
        .asString()
        .contains("the step type \"agent\" is not available");
    assertThat(chains.compile("repo-health", Files.readString(CHAIN)).nodes()).hasSize(12);
  }

  @Test
  void addsTheAssessmentOfAModel() throws Exception {
    Path repository = repository("plain");
    write(repository, "a.go", "package a\n");
    commit(repository, "One", "Ann");
    assertThat(report(repository.toString(), "claude-sonnet"))
        .contains("## Assessment\n\nassessed by a model\n\n## History");
  }

  @Test
  void reportsOnARepositoryWithoutCommits() throws Exception {
    Path repository = repository("empty");
    write(repository, "untracked", "x");
    assertThat(report(repository.toString()))
        .contains("| Commits | none yet |")
        .contains("⚠️ Nothing is committed yet.")
        .contains("## History\n\nNo commits yet.")
        .contains("## Possible secrets\n\nNo commits yet.")
        .doesNotContain("PRE-TOOL ERROR");
  }

  @Test
  void reportsOnACommitWithoutFilesABareRepositoryAndAFolderInside() throws Exception {
    Path repository = repository("inside");
    git(repository, "commit", "-q", "--allow-empty", "-m", "Nothing");
    assertThat(report(repository.toString()))
        .contains("The last commit holds no files.")
        .doesNotContain("PRE-TOOL ERROR");

    Files.createDirectories(repository.resolve("deep/er"));
    assertThat(report(repository.resolve("deep/er").toString())).contains("health: `inside`");

    Path bare = folder.resolve("bare.git");
    git(folder, "clone", "-q", "--bare", repository.toString(), bare.toString());
    assertThat(report(bare.toString()))
        .contains("none (bare repository)")
        .contains("health: `bare.git`")
        .doesNotContain("PRE-TOOL ERROR");
  }

  @Test
  void staysSmallOnARepositoryWithVeryMuchOfEverything() throws Exception {
    Path repository = repository("huge");
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines
          .append("// TODO number ")
          .append(i)
          .append(" password = \"secretvalue")
          .append(i)
          .append("\"\n");
    }
    for (int i = 0; i < 40; i++) {
      write(repository, "module" + i + "/package.json", "{\"dependencies\":{\"x\":\"1\"}}\n");
      write(repository, "module" + i + "/A.java", lines.toString());
    }
    write(repository, "long.js", "x".repeat(3_000_000) + " TODO\n");
    commit(repository, "Much", "Ann");
    String report = report(repository.toString());
    assertThat(report)
        .hasSizeLessThan(15_000)
        .contains("… and 20 more such files.")
        .doesNotContain("secretvalue")
        .doesNotContain("PRE-TOOL ERROR");
  }

  @Test
  void saysWhyItCannotReport() throws Exception {
    Path plain = Files.createDirectory(folder.resolve("plain"));
    Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> report(plain.toString()))
        .hasMessageContaining("\"" + plain + "\" is not a git repository");
    assertThatThrownBy(() -> report(folder.resolve("absent").toString()))
        .hasMessageContaining("there is no \"" + folder.resolve("absent") + "\" on the server");
    assertThatThrownBy(() -> report(folder.resolve("file").toString()))
        .hasMessageContaining("is a file; give the path of a git repository");
    assertThatThrownBy(() -> report("$(touch " + folder.resolve("pwned") + ")"))
        .hasMessageContaining("there is no");
    assertThat(folder.resolve("pwned")).doesNotExist();
  }

  private String report(String path) throws Exception {
    return report(path, "offline");
  }

  private String report(String path, String model) throws Exception {
    Object document =
        new Load(LoadSettings.builder().build()).loadFromString(Files.readString(CHAIN));
    JsonNode chain = Json.tree(document);
    State state =
        State.EMPTY.with(
            Map.of(
                "path", Json.text(path),
                "input.path", Json.text(path),
                "windlass.model", Json.text(model)));
    PreparedKind kind =
        new PreparedKind(
            TransformKind.GATHER,
            new TransformKind(),
            new PreTools(List.of(new Bash(folder, Launcher.unowned(System.getenv())))));
    for (JsonNode step : chain.path("steps")) {
      String output = "";
      if (step.path("type").stringValue().equals("agent")) {
        boolean holds = Condition.holds(step.path("condition").stringValue(), state);
        output = holds ? "assessed by a model" : "";
      } else {
        StepOutcome.Done done =
            (StepOutcome.Done) kind.bind((ObjectNode) step).run(new FakeStepContext(state));
        output = Json.show(done.output());
        state = state.with(done.set());
      }
      state = state.with(step.path("output_var").stringValue(), Json.text(output));
    }
    return state.text(chain.path("output").stringValue());
  }

  private Path repository(String name) throws Exception {
    Path repository = Files.createDirectories(folder.resolve(name));
    git(repository, "init", "-q", "-b", "main");
    return repository;
  }

  private static void write(Path repository, String name, String text) throws IOException {
    Path file = repository.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void commit(Path repository, String message, String author) throws Exception {
    git(repository, "add", "-A");
    git(repository, "-c", "user.name=" + author, "commit", "-q", "-m", message);
  }

  private static void git(Path folder, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=Ann", "-c", "user.email=ann@example.com"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
