package io.windlass.generation;

/** Watches a generation; called in order, by one thread. */
public interface GenerationListener {
  GenerationListener NONE =
      new GenerationListener() {
        @Override
        public void text(String piece) {}

        @Override
        public void progress(String message) {}
      };

  /** A piece of what the model writes. */
  void text(String piece);

  /** What happens now, for people. */
  void progress(String message);
}
