package io.windlass.workspace;

import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * The pre-tool {@code write_file}: writes or appends to a file of the workspace; gives its path.
 */
public final class WriteFile implements PreTool {
  private static final Set<StandardOpenOption> REPLACE =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING);
  private static final Set<StandardOpenOption> APPEND =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

  private final Workspace workspace;

  public WriteFile(Workspace workspace) {
    this.workspace = workspace;
  }

  @Override
  public String name() {
    return "write_file";
  }

  @Override
  public List<String> required() {
    return List.of("path", "content");
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(TextEncoding.of(call.text("encoding")).bytes(call.text("content")));
    Workspace.Place place = workspace.place(call.text("path"));
    SafeFile.makeFolders(place);
    try (SeekableByteChannel channel =
        SafeFile.open(place, call.flag("append") ? APPEND : REPLACE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    return place.path().toString();
  }
}
