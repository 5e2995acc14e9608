package io.windlass.surface.unified;

import io.windlass.definition.Definition;
import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.Executions;
import io.windlass.journal.Entry;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes everything that is known of one execution as a zip file, within bounds. */
final class ReplayArchive {
  private static final int PAGE = 500;
  private final Executions executions;
  private final Limits limits;

  /**
   * How much an archive may hold, before compression.
   *
   * @param file bytes of one artifact
   * @param artifacts bytes of all artifacts
   * @param events bytes of the journal
   */
  record Limits(long file, long artifacts, long events) {
    static final Limits DEFAULT = new Limits(64L << 20, 256L << 20, 256L << 20);
  }

  private record Chosen(Artifacts.Artifact artifact, long size) {}

  ReplayArchive(Executions executions, Limits limits) {
    this.executions = executions;
    this.limits = limits;
  }

  void write(
      OutputStream out,
      ExecutionDetail detail,
      @Nullable Definition definition,
      List<Artifacts.Artifact> artifacts)
      throws IOException {
    FileTime time = FileTime.from(detail.execution().createdAt());
    ArrayNode listed = Json.MAPPER.createArrayNode();
    List<Chosen> chosen = choose(artifacts, listed);
    Integer version = definition == null ? null : definition.version();
    ObjectNode run = (ObjectNode) Json.tree(ExecutionJson.Detail.of(detail, version));
    run.set("artifacts", listed);
    try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      begin(zip, "run.json", time);
      zip.write(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(run));
      begin(zip, "events.jsonl", time);
      events(zip, detail.execution().id(), detail.lastNumber());
      if (definition != null) {
        begin(zip, "definition.yaml", time);
        zip.write(definition.source().getBytes(StandardCharsets.UTF_8));
      }
      for (Chosen one : chosen) {
        begin(zip, "artifacts/" + one.artifact().name(), time);
        copy(one, zip);
      }
    }
  }

  /** Up to the number that run.json tells of, so that the two agree. */
  private void events(OutputStream out, ExecutionId id, long last) throws IOException {
    long after = 0;
    long written = 0;
    while (after < last) {
      List<Entry> page = executions.entries(id, after, PAGE);
      if (page.isEmpty()) {
        return;
      }
      for (Entry entry : page) {
        if (entry.number() > last) {
          return;
        }
        byte[] line = (EventJson.of(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        written += line.length;
        if (written > limits.events()) {
          ObjectNode end = Json.object().put("type", "archive_truncated");
          end.put("omitted_from", entry.number()).put("limit_bytes", limits.events());
          out.write((end + "\n").getBytes(StandardCharsets.UTF_8));
          return;
        }
        out.write(line);
        after = entry.number();
      }
    }
  }

  private List<Chosen> choose(List<Artifacts.Artifact> artifacts, ArrayNode listed) {
    List<Chosen> chosen = new ArrayList<>();
    Set<String> names = new HashSet<>();
    long total = 0;
    for (Artifacts.Artifact artifact : artifacts) {
      String name = artifact.name();
      ObjectNode entry = listed.addObject().put("name", name);
      long size = size(artifact.file());
      String refusal = refusal(name, size, total, names);
      if (size >= 0) {
        entry.put("bytes", size);
      }
      entry.put("included", refusal == null);
      if (refusal == null) {
        total += size;
        names.add(name);
        chosen.add(new Chosen(artifact, size));
      } else {
        entry.put("reason", refusal);
      }
    }
    return chosen;
  }

  private @Nullable String refusal(String name, long size, long total, Set<String> names) {
    if (!isPlain(name)) {
      return "its name would leave the archive's folder";
    }
    if (names.contains(name)) {
      return "another file has the same name";
    }
    if (size < 0) {
      return "it is gone, or no plain file";
    }
    if (size > limits.file()) {
      return "it is larger than " + limits.file() + " bytes";
    }
    return total + size > limits.artifacts()
        ? "the archive holds " + limits.artifacts() + " bytes of files already"
        : null;
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && !name.startsWith("/")
        && !name.contains("\\")
        && Path.of(name).normalize().toString().equals(name)
        && !name.startsWith("..");
  }

  private static long size(Path file) {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : -1;
    } catch (IOException e) {
      return -1;
    }
  }

  /** At most as much as was counted: the file may grow meanwhile. */
  private static void copy(Chosen one, OutputStream out) throws IOException {
    try (InputStream in = Files.newInputStream(one.artifact().file(), LinkOption.NOFOLLOW_LINKS)) {
      byte[] buffer = new byte[1 << 16];
      long left = one.size();
      int n;
      while (left > 0 && (n = in.read(buffer, 0, (int) Math.min(buffer.length, left))) > 0) {
        out.write(buffer, 0, n);
        left -= n;
      }
    }
  }

  private static void begin(ZipOutputStream zip, String name, FileTime time) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setLastModifiedTime(time);
    zip.putNextEntry(entry);
  }
}
