package io.windlass.surface.compute;

import io.windlass.http.Routes;

/** Some of the surface's routes. */
@FunctionalInterface
interface RouteGroup {
  void declare(Routes routes);
}
