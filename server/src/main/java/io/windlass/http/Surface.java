package io.windlass.http;

import io.javalin.http.Context;
import jakarta.servlet.http.HttpServlet;
import java.util.Map;

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

  /** Sees every request under the surface's place first, also those that no route takes. */
  default void before(Context context) {}

  /**
   * Servlets for what is no plain request, by path, as {@code /socket.io/*}; a request gets to one
   * after the checks that routes have, tokens included.
   */
  default Map<String, HttpServlet> servlets() {
    return Map.of();
  }
}
