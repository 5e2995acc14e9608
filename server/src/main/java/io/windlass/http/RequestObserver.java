package io.windlass.http;

/** Is told of every answered request, for figures; must be quick. */
@FunctionalInterface
public interface RequestObserver {
  RequestObserver NONE = (_, _, _, _, _) -> {};

  /**
   * A request was answered.
   *
   * @param surface the surface at its path
   * @param method as {@code GET}
   * @param route the declared path with its parameters as {@code /executions/{id}}, without the
   *     surface's mount; {@code unmatched} when none took the request
   * @param status of the answer
   * @param nanos until the answer was complete
   */
  void handled(String surface, String method, String route, int status, long nanos);

  /** This one, and another after it. */
  default RequestObserver and(RequestObserver other) {
    return (surface, method, route, status, nanos) -> {
      handled(surface, method, route, status, nanos);
      other.handled(surface, method, route, status, nanos);
    };
  }
}
