package io.windlass.surface.unified;

import static org.assertj.core.api.Assertions.assertThat;

import io.windlass.journal.Event;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

final class ReplayArchiveTest {
  @TempDir private Path folder;
  private UnifiedServer server;
  private ExecutionId id;

  @BeforeEach
  void start() {
    server =
        new UnifiedServer(execution ->
            new WorkspaceArtifacts(server.executions, List.of(folder), _ -> false).of(execution));
    id = ExecutionId.parse(server.start());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void holdsTheRunItsEventsItsDefinitionAndTheFilesItMade() throws Exception {
    Path report =
        Files.writeString(
            Files.createDirectories(folder.resolve("out")).resolve("r.md"), "# Report");
    Path old = Files.writeString(folder.resolve("old.txt"), "here before");
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
    Path outside = Files.createTempFile("outside", ".txt");
    Files.createSymbolicLink(folder.resolve("link.txt"), outside);
    server.executions.emit(id, new Event.EffectDone("a", "write", Json.text(report.toString())));
    server.executions.emit(
        id,
        new Event.StepDone(
            "a",
            1,
            1,
            Json.text("Read " + old + ", " + folder.resolve("link.txt") + " and /etc/passwd."),
            null,
            null,
            5,
            null));
    server.executions.emit(id, new Event.ExecutionSucceeded(Json.text("done")));

    Map<String, byte[]> files = unzip(server.download("/v1/executions/" + id + "/replay"));
    Files.delete(outside);

    assertThat(files.keySet())
        .containsExactly("run.json", "events.jsonl", "definition.yaml", "artifacts/out/r.md");
    JsonNode run = Json.read(text(files, "run.json"));
    assertThat(run.path("status").asString()).isEqualTo("succeeded");
    assertThat(run.path("artifacts").path(0).path("included").booleanValue()).isTrue();
    assertThat(text(files, "artifacts/out/r.md")).isEqualTo("# Report");
    assertThat(text(files, "definition.yaml")).isEqualTo("name: toy");
    List<JsonNode> events = text(files, "events.jsonl").lines().map(Json::read).toList();
    assertThat(events).hasSize(4);
    events.forEach(event -> UnifiedServer.CONTRACT.holdSchema("Event", event));
    assertThat(run.path("last_event").intValue()).isEqualTo(4);
  }

  @Test
  void staysWithinItsBoundsAndSaysWhatItLeftOut() throws Exception {
    Path small = Files.writeString(folder.resolve("small.txt"), "0123456789");
    Path large = Files.writeString(folder.resolve("large.txt"), "0123456789".repeat(3));
    for (int i = 0; i < 100; i++) {
      server.executions.emit(id, new Event.StepOutput("a", 1, i, "x"));
    }
    var archive = new ReplayArchive(server.executions, new ReplayArchive.Limits(20, 15, 1000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    archive.write(
        out,
        server.executions.detail(id),
        null,
        List.of(
            new Artifacts.Artifact("small.txt", small),
            new Artifacts.Artifact("large.txt", large),
            new Artifacts.Artifact("more.txt", small),
            new Artifacts.Artifact("../up.txt", small),
            new Artifacts.Artifact("small.txt", small),
            new Artifacts.Artifact("gone.txt", folder.resolve("gone.txt"))));

    Map<String, byte[]> files = unzip(out.toByteArray());
    assertThat(files.keySet()).containsExactly("run.json", "events.jsonl", "artifacts/small.txt");
    JsonNode listed = Json.read(text(files, "run.json")).path("artifacts");
    assertThat(listed).hasSize(6);
    assertThat(listed.path(1).path("reason").asString()).contains("larger than 20 bytes");
    assertThat(listed.path(2).path("reason").asString()).contains("15 bytes of files already");
    assertThat(listed.path(3).path("reason").asString()).contains("leave the archive");
    assertThat(listed.path(4).path("reason").asString()).contains("same name");
    assertThat(listed.path(5).path("reason").asString()).contains("gone");
    List<String> lines = text(files, "events.jsonl").lines().toList();
    assertThat(lines.size()).isLessThan(20);
    assertThat(Json.read(lines.getLast()).path("type").asString()).isEqualTo("archive_truncated");
  }

  private static String text(Map<String, byte[]> files, String name) {
    return new String(files.get(name), StandardCharsets.UTF_8);
  }

  private static Map<String, byte[]> unzip(byte[] zip) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (InputStream in = new ByteArrayInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      ZipEntry entry;
      while ((entry = entries.getNextEntry()) != null) {
        files.put(entry.getName(), entries.readAllBytes());
      }
    }
    return files;
  }
}
