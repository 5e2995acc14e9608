package io.windlass.surface.unified;

import io.windlass.execution.Execution;
import java.nio.file.Path;
import java.util.List;

/** Knows the files that a run made. */
@FunctionalInterface
public interface Artifacts {
  Artifacts NONE = _ -> List.of();

  List<Artifact> of(Execution execution);

  /**
   * A file that a run made.
   *
   * @param name where it stands in the archive, with slashes
   * @param file where it is
   */
  record Artifact(String name, Path file) {}
}
