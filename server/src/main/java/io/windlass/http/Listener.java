package io.windlass.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.util.JavalinBindException;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.List;
import org.eclipse.jetty.server.HttpConfiguration;

/** One open port with its surfaces. */
public final class Listener implements AutoCloseable {
  private final Address address;
  private final Javalin javalin;

  private Listener(Address address, Javalin javalin) {
    this.address = address;
    this.javalin = javalin;
  }

  /**
   * Opens the port; when this returns, requests are answered.
   *
   * @throws WindlassException NOT_CONFIGURED when the port is taken, or when other machines could
   *     reach it and no token is set
   */
  public static Listener open(Address address, List<Mount> mounts, HttpConfig config) {
    return open(address, mounts, config, RequestObserver.NONE);
  }

  /** The same, telling of every request. */
  public static Listener open(
      Address address, List<Mount> mounts, HttpConfig config, RequestObserver observer) {
    if (config.tokens().isEmpty() && !address.isLoopback()) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "%s=%s lets other machines in, but no token is set: set WINDLASS_TOKEN, or listen on 127.0.0.1"
              .formatted(address.hostSetting(), address.host()));
    }
    Javalin javalin =
        Javalin.create(c -> {
          var mounted = new Mounts(mounts);
          configure(c, address, mounted, config);
          observe(c, mounted, observer);
        });
    try {
      javalin.start();
    } catch (JavalinBindException e) {
      throw new WindlassException(
          ErrorCode.NOT_CONFIGURED,
          "Port %d on %s is taken: stop what listens there, or set %s to another port"
              .formatted(address.port(), address.host(), address.portSetting()),
          e);
    }
    return new Listener(address, javalin);
  }

  public int port() {
    return javalin.port();
  }

  /** As {@code http://127.0.0.1:4242}; a wildcard address is shown as the loopback one. */
  public String baseUrl() {
    String host = address.host();
    String shown =
        switch (host) {
          case "0.0.0.0", "::" -> "127.0.0.1";
          default -> host.contains(":") ? "[" + host + "]" : host;
        };
    return "http://" + shown + ":" + port();
  }

  @Override
  public void close() {
    javalin.stop();
  }

  private static void configure(
      JavalinConfig c, Address address, Mounts mounts, HttpConfig config) {
    c.startup.showJavalinBanner = false;
    c.startup.showOldJavalinVersionWarning = false;
    c.startup.startupWatcherEnabled = false;
    c.concurrency.useVirtualThreads = true;
    c.http.compressionStrategy = CompressionStrategy.NONE;
    c.http.prefer405over404 = true;
    c.http.defaultContentType = "application/json";
    c.jsonMapper(new HouseMapper());
    c.jetty.host = address.host();
    c.jetty.port = address.port();
    c.jetty.modifyHttpConfiguration(http -> {
      quiet(http);
      http.setIdleTimeout(config.idle().toMillis());
    });
    c.jetty.modifyServer(server -> {
      server.setErrorHandler(new JettyErrors(mounts));
      server.setStopTimeout(0);
    });
    c.jetty.modifyServletContextHandler(context -> {
      context.setErrorHandler(new JettyErrors(mounts));
      var auth = new Auth(config.tokens());
      var hosts = new HostCheck(address, config.hosts());
      mounts.all().forEach(mount -> new Servlets(mount, auth, hosts).addTo(context));
    });
    routes(c, address, mounts, config);
  }

  private static void routes(JavalinConfig c, Address address, Mounts mounts, HttpConfig config) {
    var auth = new Auth(config.tokens());
    var hosts = new HostCheck(address, config.hosts());
    var edge = new ErrorEdge(mounts);
    c.routes.before(context -> {
      context.attribute(RequestBody.LIMIT, config.maxBody());
      RequestId.assign(context);
      Surface surface = mounts.surfaceAt(context.path());
      cors(context, surface.cors());
      surface.before(context);
      if (auth.isOpen()) {
        hosts.check(context);
      }
      RequestBody.checkLength(context);
    });
    c.routes.exception(HttpResponseException.class, edge::handle);
    c.routes.exception(Exception.class, edge::handle);
    c.router.javaLangErrorHandler(edge::broken);
    for (Mount mount : mounts.all()) {
      mount.surface().routes(new Routes(c.routes, mount.prefix(), auth));
    }
  }

  private static void observe(JavalinConfig c, Mounts mounts, RequestObserver observer) {
    c.requestLogger.http((context, millis) -> {
      Mount mount = mounts.at(context.path());
      var endpoint = context.endpoints().matchedHttpEndpoint();
      String route =
          endpoint == null ? "unmatched" : endpoint.path.substring(mount.prefix().length());
      observer.handled(
          mount.surface().name(),
          context.method().name(),
          route.isEmpty() ? "/" : route,
          context.statusCode(),
          (long) (millis * 1_000_000));
    });
  }

  private static void cors(Context context, Cors cors) {
    cors.allow(context.header("Origin"))
        .ifPresent(origin -> {
          context.header("Access-Control-Allow-Origin", origin);
          context.header("Access-Control-Expose-Headers", RequestId.HEADER);
          if (!origin.equals("*")) {
            context.header("Vary", "Origin");
          }
          if (context.method().equals(HandlerType.OPTIONS)) {
            preflight(context);
          }
        });
  }

  private static void preflight(Context context) {
    String asked = context.header("Access-Control-Request-Headers");
    context.header("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
    context.header(
        "Access-Control-Allow-Headers",
        asked == null ? "Content-Type, Authorization, Idempotency-Key, Last-Event-ID" : asked);
    context.header("Access-Control-Max-Age", "600");
    context.status(204).skipRemainingHandlers();
  }

  private static void quiet(HttpConfiguration http) {
    http.setSendServerVersion(false);
    http.setSendDateHeader(false);
  }
}
