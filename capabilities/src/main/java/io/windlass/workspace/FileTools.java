package io.windlass.workspace;

import io.windlass.kernel.Json;
import io.windlass.tool.Tool;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file tools of agents: {@code read_file}, {@code write_file}, {@code edit_file}, {@code
 * list_files}, {@code search_files}. They touch what the pre-tools for files may touch; relative
 * paths are in the step's folder.
 */
public final class FileTools {
  private FileTools() {}

  public static List<Tool> of(Workspace workspace) {
    return List.of(
        new FileTool(
            "read_file",
            "Reads a text file. Long files are cut at 50,000 characters: read on with offset.",
            """
            {"type": "object", "required": ["path"], "additionalProperties": false, "properties": {
              "path": {"type": "string", "description": "absolute, or relative to the working folder"},
              "offset": {"type": "integer", "minimum": 1, "description": "first line to read, from 1"},
              "limit": {"type": "integer", "minimum": 1, "description": "how many lines"}}}
            """,
            true,
            call -> FileReading.read(workspace, call)),
        new FileTool(
            "write_file",
            "Writes a text file, making the folders above it; replaces what it held, or appends.",
            """
            {"type": "object", "required": ["path", "content"], "additionalProperties": false, "properties": {
              "path": {"type": "string"},
              "content": {"type": "string"},
              "append": {"type": "boolean"}}}
            """,
            false,
            call -> FileEditing.write(workspace, call)),
        new FileTool(
            "edit_file",
            "Replaces an exact piece of a text file. The piece must occur once, unless replace_all"
                + " is true; take enough of the lines around it.",
            """
            {"type": "object", "required": ["path", "old_string", "new_string"], "additionalProperties": false, "properties": {
              "path": {"type": "string"},
              "old_string": {"type": "string", "minLength": 1, "description": "exactly as it stands in the file"},
              "new_string": {"type": "string"},
              "replace_all": {"type": "boolean"}}}
            """,
            false,
            call -> FileEditing.edit(workspace, call)),
        new FileTool(
            "list_files",
            "Lists files whose path fits a glob, as **/*.java or docs/*.md; a pattern without a"
                + " slash fits names in every folder. Links and .git are left out.",
            """
            {"type": "object", "additionalProperties": false, "properties": {
              "pattern": {"type": "string", "maxLength": 200, "description": "all files when left out"},
              "path": {"type": "string", "description": "the folder to look in"}}}
            """,
            true,
            call -> FileSearch.list(workspace, call)),
        new FileTool(
            "search_files",
            "Searches text files for a regular expression (JavaScript's dialect), line by line;"
                + " gives path:line: text.",
            """
            {"type": "object", "required": ["pattern"], "additionalProperties": false, "properties": {
              "pattern": {"type": "string", "minLength": 1, "maxLength": 1000},
              "path": {"type": "string", "description": "the folder or file to search"},
              "glob": {"type": "string", "maxLength": 200, "description": "only in files that fit it"},
              "ignore_case": {"type": "boolean"}}}
            """,
            true,
            call -> FileSearch.search(workspace, call)));
  }

  /** What a file tool does. */
  @FunctionalInterface
  private interface Action {
    ToolResult of(ToolCall call) throws Exception;
  }

  private record FileTool(
      String name, String description, ObjectNode schema, boolean isReadOnly, Action action)
      implements Tool {
    FileTool(String name, String description, String schema, boolean isReadOnly, Action action) {
      this(name, description, (ObjectNode) Json.read(schema), isReadOnly, action);
    }

    @Override
    public ToolResult call(ToolCall call) throws Exception {
      return action.of(call);
    }
  }
}
