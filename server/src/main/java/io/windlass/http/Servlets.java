package io.windlass.http;

import io.windlass.http.ErrorRenderer.Fault;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;

/** Puts a surface's own servlets beside its routes, behind the checks that routes have. */
final class Servlets {
  private final Mount mount;
  private final Auth auth;
  private final HostCheck hosts;

  Servlets(Mount mount, Auth auth, HostCheck hosts) {
    this.mount = mount;
    this.auth = auth;
    this.hosts = hosts;
  }

  void addTo(ServletContextHandler context) {
    mount
        .surface()
        .servlets()
        .forEach((path, servlet) -> {
          var filter = new FilterHolder(new Guard());
          filter.setAsyncSupported(true);
          context.addFilter(filter, mount.prefix() + path, EnumSet.of(DispatcherType.REQUEST));
          var holder = new ServletHolder(servlet);
          holder.setAsyncSupported(true);
          context.addServlet(holder, mount.prefix() + path);
        });
  }

  private final class Guard extends HttpFilter {
    private static final long serialVersionUID = 1;

    @Override
    protected void doFilter(
        HttpServletRequest request, HttpServletResponse response, FilterChain chain)
        throws IOException, ServletException {
      try {
        if (letsOrigin(request, response) && !request.getMethod().equals("OPTIONS")) {
          check(request);
        } else if (request.getMethod().equals("OPTIONS")) {
          response.setStatus(HttpServletResponse.SC_NO_CONTENT);
          return;
        }
      } catch (WindlassException e) {
        refuse(request, response, e);
        return;
      }
      chain.doFilter(request, response);
    }

    private void check(HttpServletRequest request) {
      if (auth.isOpen()) {
        hosts.check(request.getHeader("Host"));
      } else if (!auth.lets(request.getHeader("Authorization"))) {
        throw new WindlassException(
            ErrorCode.UNAUTHENTICATED,
            "This server asks for a token: send the header Authorization: Bearer <token>");
      }
    }

    /** Sockets know no same-origin rule: a foreign page's connection is refused here. */
    private boolean letsOrigin(HttpServletRequest request, HttpServletResponse response) {
      String origin = request.getHeader("Origin");
      if (origin == null) {
        return true;
      }
      Optional<String> allowed = mount.surface().cors().allow(origin);
      String own = request.getHeader("Host");
      if (allowed.isEmpty() && (own == null || !origin.endsWith("://" + own))) {
        throw new WindlassException(
            ErrorCode.FORBIDDEN,
            "Pages of " + origin + " may not connect here: add it to WINDLASS_CORS_ORIGIN");
      }
      allowed.ifPresent(value -> {
        response.setHeader("Access-Control-Allow-Origin", value);
        response.setHeader("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
        String asked = request.getHeader("Access-Control-Request-Headers");
        response.setHeader(
            "Access-Control-Allow-Headers", asked == null ? "Content-Type, Authorization" : asked);
        if (!value.equals("*")) {
          response.setHeader("Vary", "Origin");
        }
      });
      return true;
    }

    private void refuse(
        HttpServletRequest request, HttpServletResponse response, WindlassException e)
        throws IOException {
      var fault =
          new Fault(
              e.code().category().httpStatus(), e.code(), e.text(), request.getRequestURI(), "-");
      ErrorRenderer.Body body = mount.surface().errors().render(fault);
      response.setStatus(body.status());
      response.setContentType(body.contentType());
      response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(body.json()));
    }
  }
}
