package io.windlass.chain;

import java.util.Collection;
import java.util.Optional;

/** Which chains there are that others can run. */
@FunctionalInterface
public interface SavedChains {
  /** Knows of none, so that every reference is taken as it is. */
  SavedChains UNSEEN = Optional::empty;

  /** Their names; empty when they are not known. */
  Optional<Collection<String>> names();
}
