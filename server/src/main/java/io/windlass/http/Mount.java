package io.windlass.http;

/**
 * A surface at its place on a listener.
 *
 * @param prefix empty for the root, else as {@code /apis/chains}
 * @param surface what answers there
 */
public record Mount(String prefix, Surface surface) {

  public static Mount root(Surface surface) {
    return new Mount("", surface);
  }

  /** Where every surface also answers on the main port. */
  public static Mount shared(Surface surface) {
    return new Mount("/apis/" + surface.name(), surface);
  }
}
