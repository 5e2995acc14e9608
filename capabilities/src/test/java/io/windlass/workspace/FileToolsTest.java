package io.windlass.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.step.FakeStepContext;
import io.windlass.step.State;
import io.windlass.tool.PreToolCall;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@Timeout(30)
class FileToolsTest {
  @TempDir Path base;
  private Path work;
  private Path outside;
  private final FakeStepContext context = new FakeStepContext();
  private ReadFile read;
  private WriteFile write;

  @BeforeEach
  void layOut() throws Exception {
    base = base.toRealPath();
    work = Files.createDirectory(base.resolve("work"));
    outside = Files.createDirectory(base.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(base.resolve("workshop"));
    Files.writeString(base.resolve("workshop/secret"), "secret");
    Path temp = Files.createDirectory(base.resolve("temp"));
    Workspace workspace = new Workspace(work, temp);
    read = new ReadFile(workspace);
    write = new WriteFile(workspace);
  }

  @Test
  void writesMakingFoldersAndReadsBack() throws Exception {
    assertThat(write("a/b/c.txt", "hé {name}")).isEqualTo(work + "/a/b/c.txt");
    assertThat(read("a/b/c.txt")).isEqualTo("hé Ada");
    assertThat(read(work + "/a/../a/b/./c.txt")).isEqualTo("hé Ada");
    write("a/b/c.txt", "short");
    assertThat(read("a/b/c.txt")).isEqualTo("short");
  }

  @Test
  void appends() throws Exception {
    write("log", "one\n");
    write.run(call(fields("log").put("content", "two\n").put("append", true)));
    assertThat(read("log")).isEqualTo("one\ntwo\n");
  }

  @Test
  void mayUseTheTempFolder() throws Exception {
    write(base + "/temp/x", "in temp");
    assertThat(read(base + "/temp/x")).isEqualTo("in temp");
  }

  @Test
  void writesBytesAndReadsOtherEncodings() throws Exception {
    write.run(call(fields("raw").put("content", "/+8A").put("encoding", "base64")));
    assertThat(Files.readAllBytes(work.resolve("raw"))).containsExactly(0xff, 0xef, 0);
    assertThat(read.run(call(fields("raw").put("encoding", "hex")))).isEqualTo("ffef00");
    Files.write(work.resolve("old"), "é".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read.run(call(fields("old").put("encoding", "latin1")))).isEqualTo("é");
    assertThatThrownBy(() -> read.run(call(fields("old").put("encoding", "klingon"))))
        .hasMessageContaining("klingon");
  }

  @Test
  void cutsAtFiftyThousandCharacters() throws Exception {
    Files.writeString(work.resolve("exact"), "é".repeat(50_000));
    Files.writeString(work.resolve("long"), "é".repeat(400_000));
    assertThat(read("exact")).hasSize(50_000);
    assertThat(read("long")).isEqualTo("é".repeat(50_000) + "\n[truncated]");
    assertThat(context.logs()).singleElement().asString().contains("800000 bytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside/secret",
        "/etc/passwd",
        "a/../../outside/secret",
        "{base}/outside/secret",
        "{base}/workshop/secret",
        "out/secret",
        "out/../outside/secret",
        "chain/secret",
        "relative/secret",
        "file",
        "..",
        "/proc/self/environ"
      })
  void refusesWhatIsOutside(String path) throws Exception {
    links();
    for (boolean writing : new boolean[] {false, true}) {
      assertThatThrownBy(() -> use(writing, path))
          .isInstanceOfSatisfying(
              WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN))
          .hasMessageContaining("outside the workspace");
    }
    assertThat(outside.resolve("secret")).hasContent("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"out/new", "out/deep/new", "dangling", "danglingfolder/new", "a/../out/n"})
  void refusesToWriteWhatDoesNotExistYetOutside(String path) throws Exception {
    links();
    assertThatThrownBy(() -> write(path, "x")).hasMessageContaining("outside the workspace");
    try (var files = Files.list(outside)) {
      assertThat(files).containsExactly(outside.resolve("secret"));
    }
  }

  @Test
  void followsLinksThatStayInside() throws Exception {
    write("real/file", "found");
    Files.createSymbolicLink(work.resolve("alias"), Path.of("real"));
    assertThat(read("alias/file")).isEqualTo("found");
    assertThat(write("alias/new", "x")).isEqualTo(work + "/real/new");
  }

  @Test
  void worksInAWorkspaceThatIsItselfReachedByALink() throws Exception {
    Path alias = Files.createSymbolicLink(base.resolve("alias"), work);
    Workspace workspace = new Workspace(alias, base.resolve("temp"));
    new WriteFile(workspace).run(call(fields("x").put("content", "through")));
    assertThat(work.resolve("x")).hasContent("through");
    assertThat(new ReadFile(workspace).run(call(fields(alias + "/x")))).isEqualTo("through");
  }

  @Test
  void makesAWorkspaceThatDoesNotExistYet() throws Exception {
    Workspace workspace = new Workspace(base.resolve("later/on"), base.resolve("temp"));
    new WriteFile(workspace).run(call(fields("x").put("content", "made")));
    assertThat(base.resolve("later/on/x")).hasContent("made");
  }

  @Test
  void refusesFoldersPipesAndDevices() throws Exception {
    new ProcessBuilder("mkfifo", work.resolve("pipe").toString()).start().waitFor();
    assertThatThrownBy(() -> read("pipe")).hasMessageContaining("not a plain file");
    assertThatThrownBy(() -> write("pipe", "x")).hasMessageContaining("not a plain file");
    assertThatThrownBy(() -> read(".")).hasMessageContaining("not a plain file");
    Files.createDirectory(work.resolve("folder"));
    assertThatThrownBy(() -> read("folder")).hasMessageContaining("not a plain file");
  }

  @Test
  void namesAFileThatIsMissing() {
    assertThatThrownBy(() -> read("absent.txt"))
        .hasMessage("no such file: " + work + "/absent.txt");
    assertThatThrownBy(() -> read(" ")).hasMessage("the path is empty");
    assertThatThrownBy(() -> read("a\0b")).hasMessageContaining("is not a path");
  }

  @Test
  void endsOnLinksThatLeadInCircles() throws Exception {
    Files.createSymbolicLink(work.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(work.resolve("b"), Path.of("a"));
    assertThatThrownBy(() -> read("a"))
        .isInstanceOf(WindlassException.class)
        .hasMessageContaining("leads through more than 40 links, or in a circle");
  }

  @Test
  void neverLeavesTheWorkspace_whileAFolderIsSwappedForALink() throws Exception {
    Path folder = Files.createDirectory(work.resolve("swap"));
    Files.writeString(folder.resolve("secret"), "harmless");
    Path aside = work.resolve("aside");
    AtomicBoolean done = new AtomicBoolean();
    Thread swapper =
        Thread.ofPlatform()
            .start(() -> {
              try {
                while (!done.get()) {
                  Files.move(folder, aside);
                  Files.createSymbolicLink(folder, outside);
                  Files.delete(folder);
                  Files.move(aside, folder);
                }
              } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    try {
      for (int i = 0; i < 3_000; i++) {
        try {
          assertThat(read("swap/secret")).isEqualTo("harmless");
        } catch (WindlassException | java.io.IOException | java.io.UncheckedIOException e) {
          assertThat(e).hasMessageNotContaining("content");
        }
      }
    } finally {
      done.set(true);
      swapper.join();
    }
  }

  private void links() throws Exception {
    Files.createDirectory(work.resolve("a"));
    Files.createSymbolicLink(work.resolve("out"), outside);
    Files.createSymbolicLink(work.resolve("chain"), Path.of("out"));
    Files.createSymbolicLink(work.resolve("relative"), Path.of("../outside"));
    Files.createSymbolicLink(work.resolve("file"), outside.resolve("secret"));
    Files.createSymbolicLink(work.resolve("dangling"), outside.resolve("new"));
    Files.createSymbolicLink(work.resolve("danglingfolder"), outside.resolve("newfolder"));
  }

  private void use(boolean writing, String path) throws Exception {
    if (writing) {
      write(path, "overwritten");
    } else {
      read(path);
    }
  }

  private String read(String path) throws Exception {
    return read.run(call(fields(path)));
  }

  private String write(String path, String content) throws Exception {
    return write.run(call(fields(path).put("content", content)));
  }

  private static ObjectNode fields(String path) {
    return Json.object().put("path", path);
  }

  private PreToolCall call(ObjectNode fields) {
    State state =
        State.EMPTY.with("name", Json.text("Ada")).with("base", Json.text(base.toString()));
    return new PreToolCall(fields, state, context, Duration.ofSeconds(30));
  }
}
