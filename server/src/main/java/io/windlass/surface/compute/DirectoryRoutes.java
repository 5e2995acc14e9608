package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.http.RequestBody;
import io.windlass.http.Routes;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The directories of the workspace. */
final class DirectoryRoutes implements RouteGroup {
  private static final int MOST = 1_000;
  private static final int LONGEST_NAME = 200;
  private final WorkspaceFolder workspace;
  private final FolderSizes sizes;

  DirectoryRoutes(WorkspaceFolder workspace, FolderSizes sizes) {
    this.workspace = workspace;
    this.sizes = sizes;
  }

  @Override
  public void declare(Routes routes) {
    routes.get("/workspace/directories", this::list).post("/workspace/directories", this::manage);
  }

  private void list(Context context) throws IOException {
    ObjectNode json = Json.object().put("workspace_root", workspace.root().toString());
    ArrayNode list = json.putArray("directories");
    List<Path> folders;
    try (Stream<Path> all = Files.list(workspace.realRoot())) {
      folders =
          all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .filter(path -> !workspace.isClosed(path))
              .sorted()
              .limit(MOST)
              .toList();
    }
    for (Path folder : folders) {
      FolderSizes.Size size = sizes.of(folder);
      list.addObject()
          .put("name", String.valueOf(folder.getFileName()))
          .put("path", folder.toString())
          .put("size_mb", size.megabytes())
          .put("file_count", size.files());
    }
    context.json(json.put("total_size_mb", sizes.of(workspace.realRoot()).megabytes()));
  }

  private void manage(Context context) throws IOException {
    ObjectNode body = RequestBody.object(context);
    String action = Fields.required(body, "action");
    String name = Fields.required(body, "directory_name");
    if (name.length() > LONGEST_NAME
        || !name.matches("[^/\\\\\\p{Cntrl}]+")
        || name.matches("\\.{1,2}")) {
      throw Fields.invalid(
          "directory_name",
          "Field 'directory_name' must be one name of at most 200 characters, without slashes",
          null,
          "pattern: one name");
    }
    String parent = Fields.text(body, "parent_path");
    Path above = workspace.folder(parent == null || parent.isBlank() ? "." : parent);
    Path folder = above.resolve(name);
    switch (action) {
      case "create" -> create(context, folder);
      case "delete" -> delete(context, folder);
      default ->
          throw Fields.invalid(
              "action",
              "Field 'action' must be create or delete, not " + action,
              Json.text(action),
              "enum: [create, delete]");
    }
    sizes.forget();
  }

  private static void create(Context context, Path folder) throws IOException {
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      String message =
          Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
              ? "Directory %s exists already".formatted(folder)
              : "%s exists already and is no directory: choose another name".formatted(folder);
      throw new WindlassException(
          ErrorCode.WRONG_STATE,
          message,
          e,
          List.of(new Fault("directory_name", message, Json.text(folder.toString()), "unique")));
    }
    answer(context.status(201), "created", folder);
  }

  private static void delete(Context context, Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new WindlassException(
          ErrorCode.NOT_FOUND, "There is no directory %s".formatted(folder));
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException e) {
      throw new WindlassException(
          ErrorCode.WRONG_STATE,
          "Directory %s is not empty: only empty ones are deleted".formatted(folder),
          e);
    }
    answer(context, "deleted", folder);
  }

  private static void answer(Context context, String status, Path folder) {
    context.json(
        Json.object()
            .put("status", status)
            .put("directory_path", folder.toString())
            .put("message", "Directory " + status + " successfully"));
  }
}
