package io.windlass.kernel;

import java.util.UUID;

/** A source of unique ids that sort by the time of their making. */
public interface Ids {
  /** A new UUIDv7, greater than every one that this source gave before. */
  UUID next();
}
