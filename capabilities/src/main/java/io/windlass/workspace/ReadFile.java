package io.windlass.workspace;

import io.windlass.step.LogLevel;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The pre-tool {@code read_file}: a file of the workspace, cut to 50,000 characters. */
public final class ReadFile implements PreTool {
  static final int LIMIT = 50_000;

  /** No character of any encoding here takes more bytes. */
  private static final int BYTES = LIMIT * 4 + 4;

  private final Workspace workspace;

  public ReadFile(Workspace workspace) {
    this.workspace = workspace;
  }

  @Override
  public String name() {
    return "read_file";
  }

  @Override
  public List<String> required() {
    return List.of("path");
  }

  @Override
  public String run(PreToolCall call) throws IOException {
    TextEncoding encoding = TextEncoding.of(call.text("encoding"));
    Workspace.Place place = workspace.place(call.text("path"));
    try (SeekableByteChannel channel = SafeFile.open(place, Set.of(StandardOpenOption.READ))) {
      ByteBuffer buffer = ByteBuffer.allocate(BYTES);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // Reads on until the file or the buffer ends.
      }
      String text = encoding.text(Arrays.copyOf(buffer.array(), buffer.position()));
      if (text.length() <= LIMIT) {
        return text;
      }
      call.context()
          .log(
              LogLevel.WARN,
              "read_file: %s has %d bytes; only the first %d characters are kept"
                  .formatted(place.path(), channel.size(), LIMIT));
      int cut = Character.isHighSurrogate(text.charAt(LIMIT - 1)) ? LIMIT - 1 : LIMIT;
      return text.substring(0, cut) + "\n[truncated]";
    } catch (NoSuchFileException e) {
      throw new IOException("no such file: " + place.path(), e);
    }
  }
}
