package io.windlass.http;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.windlass.http.ErrorRenderer.Fault;
import io.windlass.kernel.ErrorCategory;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The route edge: turns whatever a handler threw into the body that its surface documents. */
final class ErrorEdge {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorEdge.class);

  /** What a second may have changed already. */
  private static final Set<ErrorCode> PASSING =
      EnumSet.of(ErrorCode.TOO_MANY_EXECUTIONS, ErrorCode.SHUTTING_DOWN);

  private final Mounts mounts;

  ErrorEdge(Mounts mounts) {
    this.mounts = mounts;
  }

  void handle(Throwable thrown, Context context) {
    if (context.res().isCommitted()) {
      LOG.debug("request {} broke off: {}", RequestId.of(context), thrown.toString());
      return;
    }
    switch (thrown) {
      case WindlassException e -> expected(e, context);
      case HttpResponseException e -> refused(e, context);
      case IOException e -> {
        LOG.debug("request {} broke off", RequestId.of(context), e);
        write(context, ErrorCategory.INTERNAL.httpStatus(), null, "The connection broke off");
      }
      default -> unexpected(thrown, context);
    }
  }

  /** A handler met an {@link Error}, as a stack that overflowed; the server stays up. */
  void broken(HttpServletResponse response, Error error) {
    LOG.error("a handler broke", error);
    if (response.isCommitted()) {
      return;
    }
    var fault = new Fault(500, null, "Internal error: see the server's log", "/", "-");
    ErrorRenderer.Body body = mounts.surfaceAt("/").errors().render(fault);
    response.setStatus(body.status());
    response.setContentType(body.contentType());
    try {
      response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(body.json()));
    } catch (IOException e) {
      LOG.debug("the client has gone", e);
    }
  }

  private void expected(WindlassException e, Context context) {
    ErrorCategory category = e.code().category();
    if (e.code() == ErrorCode.INTERNAL || e.code() == ErrorCode.STORE_UNAVAILABLE) {
      LOG.error("request {} {} failed", RequestId.of(context), context.path(), e);
    }
    if (PASSING.contains(e.code()) && context.res().getHeader("Retry-After") == null) {
      context.header("Retry-After", "1");
    }
    write(context, category.httpStatus(), e, e.text());
  }

  private void refused(HttpResponseException e, Context context) {
    String what = context.method() + " " + context.path();
    String message =
        switch (e.getStatus()) {
          case 404 -> "There is no " + what + " here";
          case 405 -> "There is no " + what + " here; the path takes " + allowed(e, context);
          default -> e.getMessage() == null ? "HTTP " + e.getStatus() : e.getMessage();
        };
    write(context, e.getStatus(), null, message);
  }

  /** The methods that the path takes, which the answer's header tells as well. */
  private static String allowed(HttpResponseException e, Context context) {
    Set<String> methods = new TreeSet<>();
    for (String listed : e.getDetails().values()) {
      methods.addAll(List.of(listed.split(", ")));
    }
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    String allowed = String.join(", ", methods);
    context.header("Allow", allowed);
    return allowed;
  }

  private void unexpected(Throwable thrown, Context context) {
    LOG.error(
        "request {} {} {} failed unexpectedly",
        RequestId.of(context),
        context.method(),
        context.path(),
        thrown);
    write(
        context,
        ErrorCategory.INTERNAL.httpStatus(),
        null,
        "Internal error: the server's log has it under request id " + RequestId.of(context));
  }

  private void write(
      Context context, int status, @Nullable WindlassException cause, String message) {
    var fault =
        new Fault(
            status,
            cause == null ? null : cause.code(),
            message,
            context.path(),
            RequestId.of(context),
            cause == null ? List.of() : cause.faults());
    ErrorRenderer.Body body = mounts.surfaceAt(context.path()).errors().render(fault);
    context
        .status(body.status())
        .contentType(body.contentType())
        .result(Json.MAPPER.writeValueAsBytes(body.json()));
  }
}
