package io.windlass.workspace;

import io.windlass.text.Excerpt;
import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Reads a part of a text file, however long its lines are. */
final class FileReading {
  /** The most characters of one reading. */
  static final int LIMIT = ReadFile.LIMIT;

  private FileReading() {}

  static ToolResult read(Workspace workspace, ToolCall call) throws IOException {
    Workspace.Place place = workspace.place(call.arguments().path("path").asString(), call.cwd());
    long first = call.arguments().path("offset").asLong(1);
    long lines = call.arguments().path("limit").asLong(Long.MAX_VALUE);
    try (SeekableByteChannel channel = SafeFile.open(place, Set.of(StandardOpenOption.READ));
        Reader reader = new BufferedReader(Channels.newReader(channel, lenient(), -1))) {
      return part(place, reader, first, lines);
    } catch (NoSuchFileException e) {
      return missing(place);
    }
  }

  /** What is no UTF-8 shows as such, and the rest can be read. */
  private static CharsetDecoder lenient() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPLACE)
        .onUnmappableCharacter(CodingErrorAction.REPLACE);
  }

  static ToolResult missing(Workspace.Place place) {
    return ToolResult.failure(
        "There is no file " + place.path() + "; list_files shows what is there");
  }

  private static ToolResult part(Workspace.Place place, Reader reader, long first, long lines)
      throws IOException {
    StringBuilder text = new StringBuilder();
    long line = 1;
    boolean empty = true;
    for (int c = reader.read(); c >= 0; c = reader.read()) {
      empty = false;
      if (c == 0) {
        return ToolResult.failure(place.path() + " is not a text file");
      }
      if (line >= first) {
        if (line - first >= lines) {
          return ToolResult.of(
              text + "[the file goes on: read further with offset %d]".formatted(line));
        }
        if (text.length() == LIMIT) {
          return ToolResult.of(
              Excerpt.head(text.toString(), LIMIT)
                  + "%n[cut at %d characters, in line %d]".formatted(LIMIT, line));
        }
        text.append((char) c);
      }
      if (c == '\n') {
        line++;
      }
    }
    if (empty) {
      return ToolResult.of("[the file is empty]");
    }
    return text.isEmpty()
        ? ToolResult.failure("%s has fewer than %d lines".formatted(place.path(), first))
        : ToolResult.of(text.toString());
  }
}
