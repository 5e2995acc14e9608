package io.windlass.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Arguments;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class AgentFileToolsTest {
  @TempDir Path base;
  private Path work;
  private Workspace workspace;

  @BeforeEach
  void layOut() throws Exception {
    base = base.toRealPath();
    work = Files.createDirectories(base.resolve("work"));
    Files.createDirectories(work.resolve("src/deep"));
    Files.createDirectories(work.resolve(".git"));
    Files.writeString(work.resolve("top.txt"), "one\ntwo\nthree\n");
    Files.writeString(work.resolve("src/A.java"), "class A {}\n");
    Files.writeString(work.resolve("src/deep/B.java"), "class B { int count; }\n");
    Files.writeString(work.resolve(".git/HEAD"), "class ref\n");
    Files.writeString(base.resolve("secret"), "class secret");
    Files.createSymbolicLink(work.resolve("src/link.java"), base.resolve("secret"));
    workspace = new Workspace(work, Files.createDirectory(base.resolve("temp")));
  }

  @Test
  void readsAPartOfAFile() throws Exception {
    assertThat(text("read_file", "{'path': 'top.txt'}")).isEqualTo("one\ntwo\nthree\n");
    assertThat(text("read_file", "{'path': 'top.txt', 'offset': 2, 'limit': 1}"))
        .isEqualTo("two\n[the file goes on: read further with offset 3]");
    assertThat(call("read_file", "{'path': 'top.txt', 'offset': 9}", null).failed()).isTrue();
    assertThat(call("read_file", "{'path': 'gone'}", null).text()).contains("list_files");
    assertThat(call("read_file", "{'path': 'A.java'}", "src").text()).isEqualTo("class A {}\n");
  }

  @Test
  void cutsALongFileInTheMiddleOfALine() throws Exception {
    Files.writeString(work.resolve("long"), "x".repeat(200_000));
    assertThat(text("read_file", "{'path': 'long'}"))
        .hasSizeLessThan(50_100)
        .endsWith("[cut at 50000 characters, in line 1]");
  }

  @Test
  void touchesNothingOfTheServersOwnFolderWhereverItLies() throws Exception {
    Path temp = base.resolve("temp");
    Path home = Files.createDirectory(temp.resolve("home"));
    work = Files.createDirectory(home.resolve("workspace"));
    Files.writeString(work.resolve("mine"), "class Mine");
    Files.writeString(home.resolve("windlass.db"), "class Secret");
    Files.writeString(temp.resolve("other"), "class Other");
    Files.createSymbolicLink(work.resolve("way"), home);
    workspace = new Workspace(work, temp, new ClosedHome(home, work));

    for (String path :
        new String[] {"../windlass.db", home + "/windlass.db", "way/windlass.db", home + "/new"}) {
      assertThatThrownBy(() -> call("read_file", "{'path': '" + path + "'}", null))
          .isInstanceOf(WindlassException.class)
          .hasMessageContaining("the server's own folder");
      assertThatThrownBy(() -> call("write_file", "{'path': '" + path + "', 'content': 'x'}", null))
          .hasMessageContaining("the server's own folder");
      assertThatThrownBy(() -> workspace.whole(path)).hasMessageContaining("own folder");
    }
    assertThatThrownBy(() -> call("list_files", "{'path': '" + home + "'}", null))
        .hasMessageContaining("the server's own folder");
    assertThatThrownBy(() -> workspace.whole(temp.toString())).hasMessageContaining("lies in it");
    assertThat(text("read_file", "{'path': 'mine'}")).isEqualTo("class Mine");
    assertThat(text("list_files", "{'path': '" + temp + "'}")).isEqualTo(temp + "/other\n");
    assertThat(text("search_files", "{'pattern': 'class', 'path': '" + temp + "'}"))
        .contains("Other")
        .doesNotContain("Secret");

    // A home below the workspace is as closed.
    Path below = Files.createDirectory(work.resolve(".windlass"));
    Files.writeString(below.resolve("windlass.db"), "class Secret");
    workspace = new Workspace(work, temp, new ClosedHome(below, work));
    assertThatThrownBy(() -> call("read_file", "{'path': '.windlass/windlass.db'}", null))
        .hasMessageContaining("the server's own folder");
    assertThat(text("list_files", "{}")).isEqualTo("mine\n");
  }

  @Test
  void tellsOfFilesThatAreTooLargeToBeSearched() throws Exception {
    Files.writeString(work.resolve("large"), "x".repeat((10 << 20) + 1));
    String note = "[not searched, since larger than 10 MB: large]";
    assertThat(text("search_files", "{'pattern': 'x', 'path': 'large'}"))
        .isEqualTo("No line fits\n" + note);
    assertThat(text("search_files", "{'pattern': 'class'}")).contains("A.java:1:").endsWith(note);
  }

  @Test
  void touchesNothingOutsideTheWorkspace() {
    for (String path : new String[] {"../secret", "src/link.java", "/etc/passwd"}) {
      assertThatThrownBy(() -> call("read_file", "{'path': '" + path + "'}", null))
          .isInstanceOf(WindlassException.class)
          .hasMessageContaining("outside the workspace");
    }
    assertThatThrownBy(() -> call("list_files", "{'path': '..'}", null))
        .hasMessageContaining("outside the workspace");
    assertThatThrownBy(() -> call("read_file", "{'path': 'passwd'}", "/etc"))
        .hasMessageContaining("outside the workspace");
  }

  @Test
  void writesAndAppends() throws Exception {
    call("write_file", "{'path': 'new/x.txt', 'content': 'é'}", null);
    call("write_file", "{'path': 'new/x.txt', 'content': '!', 'append': true}", null);
    assertThat(work.resolve("new/x.txt")).hasContent("é!");
  }

  @Test
  void replacesAnExactPieceThatOccursOnce() throws Exception {
    Files.writeString(work.resolve("e"), "a $1 a {x}");
    assertThat(
            call("edit_file", "{'path': 'e', 'old_string': 'a', 'new_string': 'b'}", null).text())
        .contains("occurs 2 times");
    assertThat(
            call("edit_file", "{'path': 'e', 'old_string': 'z', 'new_string': 'b'}", null).text())
        .contains("does not occur");
    assertThat(work.resolve("e")).hasContent("a $1 a {x}");
    text("edit_file", "{'path': 'e', 'old_string': '$1 a', 'new_string': '$2 c'}");
    assertThat(work.resolve("e")).hasContent("a $2 c {x}");
    Files.writeString(work.resolve("e"), "aXaX");
    text("edit_file", "{'path': 'e', 'old_string': 'a', 'new_string': 'aa', 'replace_all': true}");
    assertThat(work.resolve("e")).hasContent("aaXaaX");
  }

  @Test
  void leavesAFileAloneThatIsNoText() throws Exception {
    Files.write(work.resolve("bin"), new byte[] {(byte) 0xff, 0, 1});
    assertThat(
            call("edit_file", "{'path': 'bin', 'old_string': 'a', 'new_string': 'b'}", null).text())
        .contains("not UTF-8");
    assertThat(call("read_file", "{'path': 'bin'}", null).text()).contains("not a text file");
  }

  @Test
  void listsFilesByGlob_leavingLinksAndGitOut() throws Exception {
    assertThat(text("list_files", "{}").lines())
        .containsExactly("src/A.java", "src/deep/B.java", "top.txt");
    assertThat(text("list_files", "{'pattern': '**/*.java'}").lines())
        .containsExactly("src/A.java", "src/deep/B.java");
    assertThat(text("list_files", "{'pattern': 'src/*.java'}").lines())
        .containsExactly("src/A.java");
    assertThat(text("list_files", "{'pattern': '*.{java,md}', 'path': 'src'}").lines())
        .containsExactly("src/A.java", "src/deep/B.java");
    assertThat(text("list_files", "{'pattern': '[!A]*.java'}").lines())
        .containsExactly("src/deep/B.java");
    assertThat(text("list_files", "{'pattern': '*.rs'}")).startsWith("No file fits");
  }

  @Test
  void searchesLines() throws Exception {
    assertThat(text("search_files", "{'pattern': 'class \\\\w'}").lines())
        .containsExactly("src/A.java:1: class A {}", "src/deep/B.java:1: class B { int count; }");
    assertThat(text("search_files", "{'pattern': 'COUNT', 'ignore_case': true, 'glob': '*.java'}"))
        .contains("src/deep/B.java:1:");
    assertThat(text("search_files", "{'pattern': 't..$', 'path': 'top.txt'}"))
        .isEqualTo("top.txt:2: two");
    assertThat(text("search_files", "{'pattern': 'nowhere'}")).isEqualTo("No line fits");
    assertThatThrownBy(() -> call("search_files", "{'pattern': '(('}", null))
        .hasMessageContaining("((");
  }

  @Test
  void holdsArgumentsAgainstItsSchema() {
    Tool read = tool("read_file");
    assertThat(Arguments.read("{\"path\": \"a\", \"offset\": 0}", read.schema()).fault())
        .contains("/offset");
    assertThat(Arguments.read("{\"file\": \"a\"}", read.schema()).fault()).contains("path");
    assertThat(Arguments.read("", tool("list_files").schema()).fault()).isNull();
    assertThat(Arguments.read("[]", read.schema()).fault()).contains("one JSON object");
  }

  private String text(String name, String arguments) throws Exception {
    ToolResult result = call(name, arguments, null);
    assertThat(result.failed()).as(result.text()).isFalse();
    return result.text();
  }

  private ToolResult call(String name, String arguments, @Nullable String cwd) throws Exception {
    ObjectNode values = (ObjectNode) Json.read(arguments.replace('\'', '"'));
    return tool(name)
        .call(new ToolCall("id", values, cwd, new FakeStepContext(), Duration.ofSeconds(10)));
  }

  private Tool tool(String name) {
    return FileTools.of(workspace).stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
