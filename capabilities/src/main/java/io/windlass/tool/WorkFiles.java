package io.windlass.tool;

import java.io.IOException;
import java.nio.file.Path;

/** Files that steps may touch: those inside the workspace and the temp folder. */
public interface WorkFiles {
  /**
   * Where a path leads, links followed, whether it exists or not; a relative one starts in the
   * workspace.
   *
   * @throws io.windlass.kernel.WindlassException FORBIDDEN outside the allowed folders
   */
  Path inside(String path);

  /**
   * The same for a folder that somebody else gets with all that is in it.
   *
   * @throws io.windlass.kernel.WindlassException FORBIDDEN also when something in it is closed
   */
  Path whole(String path);

  /**
   * A file's bytes.
   *
   * @throws IOException naming a file that does not exist or has more bytes than the limit
   */
  byte[] read(String path, int limit) throws IOException;

  /** Writes a file, its folders made, what was there replaced; gives where it is. */
  Path write(String path, byte[] bytes) throws IOException;
}
