package io.windlass.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/** Where a surface declares its routes; each asks for a token unless it is declared open. */
public final class Routes {
  private final RoutesConfig target;
  private final String prefix;
  private final Auth auth;

  Routes(RoutesConfig target, String prefix, Auth auth) {
    this.target = target;
    this.prefix = prefix;
    this.auth = auth;
  }

  /** Where the surface is mounted: empty at the root of its own port, or {@code /apis/<name>}. */
  public String prefix() {
    return prefix;
  }

  public Routes get(String path, Handler handler) {
    return guarded(HandlerType.GET, path, handler);
  }

  /** Answers HEAD as the handler does; without it, HEAD tells only that there is a GET. */
  public Routes head(String path, Handler handler) {
    return guarded(HandlerType.HEAD, path, handler);
  }

  public Routes post(String path, Handler handler) {
    return guarded(HandlerType.POST, path, handler);
  }

  public Routes put(String path, Handler handler) {
    return guarded(HandlerType.PUT, path, handler);
  }

  public Routes patch(String path, Handler handler) {
    return guarded(HandlerType.PATCH, path, handler);
  }

  public Routes delete(String path, Handler handler) {
    return guarded(HandlerType.DELETE, path, handler);
  }

  /** A GET that needs no token: health checks, pages that hold no data. */
  public Routes openGet(String path, Handler handler) {
    target.addHttpHandler(HandlerType.GET, prefix + path, handler);
    return this;
  }

  private Routes guarded(HandlerType method, String path, Handler handler) {
    target.addHttpHandler(
        method,
        prefix + path,
        context -> {
          auth.check(context);
          handler.handle(context);
        });
    return this;
  }
}
