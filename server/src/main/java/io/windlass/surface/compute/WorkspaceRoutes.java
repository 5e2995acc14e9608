package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.http.Routes;
import io.windlass.kernel.Json;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The workspace, its files and checkpoints, and how it is set up. */
final class WorkspaceRoutes implements RouteGroup {
  private static final int LIMIT = 100;
  private static final int MOST = 1_000;
  private static final int MOST_VISITED = 100_000;
  private static final double KILOBYTE = 1024;

  private final WorkspaceFolder workspace;
  private final ComputeConfig.Storage storage;
  private final FolderSizes sizes;
  private final ComputePorts ports;

  WorkspaceRoutes(
      WorkspaceFolder workspace,
      ComputeConfig.Storage storage,
      FolderSizes sizes,
      ComputePorts ports) {
    this.workspace = workspace;
    this.storage = storage;
    this.sizes = sizes;
    this.ports = ports;
  }

  @Override
  public void declare(Routes routes) {
    routes
        .get("/service/workspaces", this::list)
        .get("/service/workspaces/{name}/checkpoints", this::checkpoints)
        .get("/service/workspaces/{name}/files", this::files)
        .get("/service/workspace-config", this::config);
  }

  private void list(Context context) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(workspace.realRoot(), BasicFileAttributes.class);
    ObjectNode json = Json.object();
    json.putArray("workspaces")
        .addObject()
        .put("name", WorkspaceFolder.NAME)
        .put("path", workspace.root().toString())
        .put("created_at", Words.instant(attributes.creationTime().toInstant()))
        .put("size_mb", sizes.of(workspace.realRoot()).megabytes())
        .put("execution_count", ports.health().executions().accepted(Seen.owner(context)));
    context.json(json);
  }

  private void checkpoints(Context context) {
    WorkspaceFolder.requireKnown(context.pathParam("name"));
    int limit = Fields.query(context, "limit", LIMIT, 1, MOST);
    int offset = Fields.query(context, "offset", 0, 0, Integer.MAX_VALUE);
    CheckpointList.Part part =
        new CheckpointList(ports.runs())
            .of(Seen.workflowRuns(context, null, null, null), limit, offset);
    ObjectNode json = Json.object().put("workspace", WorkspaceFolder.NAME);
    ArrayNode list = json.putArray("checkpoints");
    for (CheckpointList.Checkpoint one : part.checkpoints()) {
      list.addObject()
          .put("checkpoint_id", one.id())
          .put("execution_id", one.execution().publicId())
          .put("created_at", Words.instant(one.at()))
          .put("size_kb", Math.ceil(one.size() * 10 / KILOBYTE) / 10.0);
    }
    context.json(json.put("total", part.total()));
  }

  private void files(Context context) throws IOException {
    WorkspaceFolder.requireKnown(context.pathParam("name"));
    int limit = Fields.query(context, "limit", LIMIT, 1, MOST);
    String directory = Fields.query(context, "directory");
    Path folder = workspace.folder(directory == null ? "." : directory);
    List<Found> found = find(folder, extension(context));
    ObjectNode json =
        Json.object().put("workspace", WorkspaceFolder.NAME).put("directory", folder.toString());
    ArrayNode list = json.putArray("files");
    for (Found file : found.subList(0, Math.min(limit, found.size()))) {
      String name = String.valueOf(file.path().getFileName());
      list.addObject()
          .put("name", name)
          .put("path", file.path().toString())
          .put("size_bytes", file.attributes().size())
          .put("created_at", Words.instant(file.attributes().creationTime().toInstant()))
          .put("modified_at", Words.instant(file.attributes().lastModifiedTime().toInstant()))
          .put("mime_type", MimeTypes.of(name));
    }
    context.json(json.put("total", found.size()));
  }

  private static @Nullable String extension(Context context) {
    String given = Fields.query(context, "extension");
    if (given == null) {
      return null;
    }
    String lower = given.toLowerCase(Locale.ROOT);
    return lower.startsWith(".") ? lower : "." + lower;
  }

  private record Found(Path path, BasicFileAttributes attributes) {}

  /** By path; links are left out, as they may lead outside. */
  private List<Found> find(Path folder, @Nullable String extension) throws IOException {
    List<Found> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          private int visited;

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return workspace.isClosed(folder)
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            if (attributes.isRegularFile() && (extension == null || name.endsWith(extension))) {
              found.add(new Found(file, attributes));
            }
            return ++visited < MOST_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(Comparator.comparing(Found::path));
    return found;
  }

  private void config(Context context) {
    Duration cleanup = storage.cleanupAfter();
    context.json(
        Json.object()
            .put("system_workspace", workspace.root().toString())
            .put("output_dir", storage.output().toString())
            .put("working_directory_name", WorkspaceFolder.WORKING)
            .put("longterm_directory_name", WorkspaceFolder.LONGTERM)
            .put("max_workspace_size_mb", storage.mostMegabytes())
            .put("auto_cleanup_enabled", cleanup != null)
            .put("cleanup_after_days", cleanup == null ? 0 : cleanup.toDays()));
  }
}
