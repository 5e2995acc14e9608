package io.windlass.surface.compute;

import io.javalin.http.Context;
import io.windlass.http.Caller;
import io.windlass.http.Cors;
import io.windlass.http.ErrorRenderer;
import io.windlass.http.Routes;
import io.windlass.http.Surface;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** A surface whose callers say in {@code X-User} who they are, as accounts will. */
record NamedCallers(Surface surface) implements Surface {
  private static final String HEADER = "X-User";

  @Override
  public String name() {
    return surface.name();
  }

  @Override
  public void routes(Routes routes) {
    surface.routes(routes);
  }

  @Override
  public ErrorRenderer errors() {
    return surface.errors();
  }

  @Override
  public Cors cors() {
    return surface.cors();
  }

  @Override
  public void before(Context context) {
    name(context.req());
    surface.before(context);
  }

  private static void name(HttpServletRequest request) {
    String user = request.getHeader(HEADER);
    if (user != null) {
      new Caller(user).makes(request);
    }
  }

  @Override
  public Map<String, HttpServlet> servlets() {
    Map<String, HttpServlet> named = new HashMap<>();
    surface.servlets().forEach((path, servlet) -> named.put(path, new Named(servlet)));
    return named;
  }

  private static final class Named extends HttpServlet {
    private static final long serialVersionUID = 1;
    private final HttpServlet servlet;

    Named(HttpServlet servlet) {
      this.servlet = servlet;
    }

    @Override
    public void init(ServletConfig config) throws ServletException {
      super.init(config);
      servlet.init(config);
    }

    @Override
    public void service(
        jakarta.servlet.ServletRequest request, jakarta.servlet.ServletResponse response)
        throws ServletException, IOException {
      if (request instanceof HttpServletRequest http) {
        name(http);
      }
      servlet.service(request, response);
    }

    @Override
    public void destroy() {
      servlet.destroy();
    }
  }
}
