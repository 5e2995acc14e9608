package io.windlass.http;

/** One HTTP API of the house: its name, its routes, and how it words errors. */
public interface Surface {
  /** Short and stable: {@code chains}; also its place under {@code /apis/<name>}. */
  String name();

  /** Declares every route, relative to where the surface is mounted. */
  void routes(Routes routes);

  ErrorRenderer errors();

  default Cors cors() {
    return Cors.NONE;
  }
}
