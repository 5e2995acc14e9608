package io.windlass.surface.compute;

import java.io.IOException;

/** Whoever is shown an execution's events, one after the other. */
interface EventViewer {
  /**
   * Shows the next event; may wait for the viewer to have room.
   *
   * @throws IOException when the viewer has gone or is too slow
   */
  void show(ComputeEvent event) throws IOException;

  /** Nothing has happened for a while. */
  void idle() throws IOException;
}
