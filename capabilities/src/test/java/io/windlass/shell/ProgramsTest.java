package io.windlass.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.process.Launcher;
import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import io.windlass.tool.PreTools;
import io.windlass.workspace.Workspace;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** The pre-tools {@code ocr}, with the real tesseract, and {@code sandbox_exec}. */
class ProgramsTest {
  @TempDir private Path root;
  private final FakeStepContext context = FakeStepContext.with("name", "it's; rm -rf /");

  @Test
  void readsTheTextInAnImage() throws Exception {
    draw("WINDLASS 4711", root.resolve("scan.png"));
    assertThat(ocr("tesseract", "{\"image_path\":\"scan.png\"}")).isEqualTo("WINDLASS 4711");
  }

  @Test
  void saysWhatToInstallForOcr() throws Exception {
    draw("text", root.resolve("scan.png"));
    assertNotConfigured(
        () -> ocr("no-such-tesseract", "{\"image_path\":\"scan.png\"}"), "tesseract-ocr");
    assertNotConfigured(
        () -> ocr("tesseract", "{\"image_path\":\"scan.png\",\"language\":\"xyz\"}"),
        "tesseract-ocr-xyz");
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    Files.writeString(root.resolve("not.png"), "no image");
    assertThatThrownBy(() -> ocr("tesseract", "{\"image_path\":\"not.png\"}"))
        .hasMessageContaining("not.png");
    assertThatThrownBy(() -> ocr("tesseract", "{\"image_path\":\"absent.png\"}"))
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> ocr("tesseract", "{\"image_path\":\"/etc/passwd\"}"))
        .hasMessageContaining("outside the workspace");
    assertThatThrownBy(
            () -> ocr("tesseract", "{\"image_path\":\"not.png\",\"language\":\"eng --psm\"}"))
        .hasMessageContaining("language");
  }

  @Test
  void runsACommandInAContainerWithoutNetwork() throws Exception {
    Path docker = docker("printf '%s\\n' \"$@\"; for last; do :; done; sh -c \"$last\"");
    Files.createDirectories(root.resolve("data"));
    String output =
        sandbox(
            docker.toString(),
            "{\"image\":\"node:20-alpine\",\"command\":\"echo \\\"<{name}>\\\"\",\"mount\":\"data:/data\"}");
    assertThat(output)
        .startsWith("run\n--rm\n--name\nwindlass-")
        .contains("--network\nnone\n", "--cap-drop\nALL\n", "no-new-privileges\n")
        .contains("--volume\n" + root.toRealPath().resolve("data") + ":/data:ro\n")
        .contains("node:20-alpine\n-c\n")
        .endsWith("<it's; rm -rf />");
  }

  @Test
  void saysWhatTheContainerLacks() throws Exception {
    String fields = "{\"image\":\"alpine\",\"command\":\"true\"}";
    assertNotConfigured(() -> sandbox("no-such-docker", fields), "docker.io");
    Path dead = docker("echo 'Cannot connect to the Docker daemon at unix:///x.' >&2; exit 125");
    assertNotConfigured(() -> sandbox(dead.toString(), fields), "engine does not answer");
    Path absent = docker("echo 'Unable to find image locally' >&2; exit 125");
    assertThatThrownBy(() -> sandbox(absent.toString(), fields))
        .hasMessageContaining("image alpine")
        .hasMessageContaining("Unable to find image");
    Path failing = docker("echo broken >&2; exit 3");
    assertThatThrownBy(() -> sandbox(failing.toString(), fields))
        .hasMessageContaining("code 3: broken");
  }

  @Test
  void refusesUnsafeImagesAndMounts() throws Exception {
    String docker = docker("exit 0").toString();
    assertThatThrownBy(() -> sandbox(docker, "{\"image\":\"--privileged\",\"command\":\"true\"}"))
        .hasMessageContaining("--privileged");
    assertThatThrownBy(() ->
            sandbox(docker, "{\"image\":\"alpine\",\"command\":\"true\",\"mount\":\"/etc:/e\"}"))
        .hasMessageContaining("outside the workspace");
    assertThatThrownBy(() ->
            sandbox(docker, "{\"image\":\"alpine\",\"command\":\"true\",\"mount\":\"gone:/e\"}"))
        .hasMessageContaining("nothing to mount");
  }

  @Test
  void removesTheContainer_whenTheCallIsInterrupted() throws Exception {
    Path removed = root.resolve("removed");
    Path begun = root.resolve("begun");
    Path docker =
        docker(
            "if [ \"$1\" = rm ]; then echo \"$3\" >"
                + removed
                + "; else echo \"$4\" >"
                + begun
                + "; sleep 60; fi");
    Thread call =
        Thread.ofVirtual()
            .start(() -> {
              try {
                sandbox(docker.toString(), "{\"image\":\"alpine\",\"command\":\"true\"}");
              } catch (Exception e) {
                // The interruption's.
              }
            });
    while (!Files.exists(begun) || Files.size(begun) == 0) {
      Thread.onSpinWait();
    }
    call.interrupt();
    call.join();
    assertThat(removed).hasSameTextualContentAs(begun);
  }

  @Test
  void boundsWhatAProgramPrints() throws Exception {
    Path docker = docker("yes xxxxxxx | head -c 104857600");
    String output = sandbox(docker.toString(), "{\"image\":\"alpine\",\"command\":\"true\"}");
    assertThat(output.length()).isBetween(5 << 20, 6 << 20);
    assertThat(output.substring(0, 10)).isEqualTo("xxxxxxx\nxx");
    assertThat(output.substring(output.length() - 12)).endsWith("[truncated]");
  }

  @Test
  void endsAProgramThatHangs() throws Exception {
    Path pid = root.resolve("pid");
    Path hanging = root.resolve("tesseract");
    Files.writeString(hanging, "#!/bin/sh\nsleep 300 & echo $! >" + pid + "\nwait\n");
    assertThat(hanging.toFile().setExecutable(true)).isTrue();
    draw("text", root.resolve("scan.png"));
    var tools =
        new PreTools(
            List.of(
                new Ocr(
                    new Workspace(root, root),
                    hanging.toString(),
                    Launcher.unowned(System.getenv()))));
    ObjectNode call =
        (ObjectNode)
            Json.read(
                """
                {"type": "ocr", "inject_as": "got", "image_path": "scan.png", "timeout_ms": 1500}
                """);
    assertThat(tools.run(context, List.of(call), context.state()).text("got"))
        .isEqualTo("[PRE-TOOL ERROR: ocr took longer than 1500 ms; raise timeout_ms]");
    long child = Long.parseLong(Files.readString(pid).strip());
    ProcessHandle.of(child).ifPresent(process -> process.onExit().join());
    assertThat(ProcessHandle.of(child)).isEmpty();
  }

  private static void draw(String text, Path file) throws Exception {
    BufferedImage image = new BufferedImage(700, 140, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 700, 140);
    graphics.setColor(Color.BLACK);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 64));
    graphics.drawString(text, 30, 90);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  private Path docker(String script) throws Exception {
    Path program =
        Files.createTempFile(
            root,
            "docker",
            "",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    return program;
  }

  private String ocr(String program, String fields) throws Exception {
    return new Ocr(new Workspace(root, root), program, Launcher.unowned(System.getenv()))
        .run(Calls.of(context, fields));
  }

  private String sandbox(String docker, String fields) throws Exception {
    return new SandboxExec(
            new Workspace(root, root), root, docker, Launcher.unowned(System.getenv()))
        .run(Calls.of(context, fields));
  }

  private static void assertNotConfigured(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .hasMessageContaining(words)
        .isInstanceOfSatisfying(
            WindlassException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_CONFIGURED));
  }
}
