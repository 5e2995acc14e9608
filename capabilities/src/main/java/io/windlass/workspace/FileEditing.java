package io.windlass.workspace;

import io.windlass.tool.ToolCall;
import io.windlass.tool.ToolResult;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Writes files, and replaces exact pieces of them. */
final class FileEditing {
  private static final int LARGEST = 10 << 20;

  private FileEditing() {}

  static ToolResult write(Workspace workspace, ToolCall call) throws IOException {
    Workspace.Place place = workspace.place(call.arguments().path("path").asString(), call.cwd());
    String content = call.arguments().path("content").asString();
    boolean append = call.arguments().path("append").asBoolean(false);
    SafeFile.makeFolders(place);
    int bytes =
        put(
            place,
            content,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING));
    return ToolResult.of(
        "%s %d bytes to %s".formatted(append ? "Appended" : "Wrote", bytes, place.path()));
  }

  static ToolResult edit(Workspace workspace, ToolCall call) throws IOException {
    Workspace.Place place = workspace.place(call.arguments().path("path").asString(), call.cwd());
    String before = call.arguments().path("old_string").asString();
    String after = call.arguments().path("new_string").asString();
    boolean all = call.arguments().path("replace_all").asBoolean(false);
    if (before.equals(after)) {
      return ToolResult.failure("old_string and new_string are the same: nothing to do");
    }
    String text;
    try {
      text = text(place);
    } catch (NoSuchFileException e) {
      return FileReading.missing(place);
    } catch (CharacterCodingException e) {
      return ToolResult.failure(place.path() + " is not UTF-8 text; edit it with another tool");
    }
    int times = count(text, before);
    if (times == 0) {
      return ToolResult.failure(
          "old_string does not occur in %s; read the file and take it over exactly, blanks included"
              .formatted(place.path()));
    }
    if (times > 1 && !all) {
      return ToolResult.failure(
          "old_string occurs %d times in %s; take more of the lines around it, or set replace_all"
              .formatted(times, place.path()));
    }
    long length = text.length() + times * ((long) after.length() - before.length());
    if (length > LARGEST) {
      return ToolResult.failure(
          "The file would have %d characters; nothing was changed".formatted(length));
    }
    put(
        place,
        text.replace(before, after),
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING));
    return ToolResult.of("Replaced %d in %s".formatted(times, place.path()));
  }

  private static int put(Workspace.Place place, String text, Set<? extends OpenOption> options)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (SeekableByteChannel channel = SafeFile.open(place, options)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    return bytes.limit();
  }

  private static String text(Workspace.Place place) throws IOException {
    try (SeekableByteChannel channel = SafeFile.open(place, Set.of(StandardOpenOption.READ))) {
      if (channel.size() > LARGEST) {
        throw new IOException(
            "%s has %d bytes; at most %d can be edited"
                .formatted(place.path(), channel.size(), LARGEST));
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Reads on until the file ends.
      }
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    }
  }

  private static int count(String text, String piece) {
    int times = 0;
    for (int at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + piece.length())) {
      times++;
    }
    return times;
  }
}
