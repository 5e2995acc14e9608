package io.windlass.http;

import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests to an unprotected loopback listener that name a foreign host: a web page whose
 * name was rebound to this machine sends such ones.
 */
final class HostCheck {
  private final Set<String> names;

  HostCheck(Address address, Set<String> more) {
    this.names = new HashSet<>(Set.of("localhost", "127.0.0.1", "[::1]"));
    names.add(address.host().toLowerCase(Locale.ROOT));
    more.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
  }

  void check(Context context) {
    check(context.header("Host"));
  }

  void check(@Nullable String header) {
    if (header == null) {
      return;
    }
    String name = withoutPort(header.strip().toLowerCase(Locale.ROOT));
    if (!names.contains(name) && !name.endsWith(".localhost")) {
      throw new WindlassException(
          ErrorCode.FORBIDDEN,
          "This server does not answer to the host name "
              + name
              + ": use localhost, add the name to WINDLASS_ALLOWED_HOSTS, or set WINDLASS_TOKEN");
    }
  }

  private static String withoutPort(String host) {
    int colon = host.lastIndexOf(':');
    return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
  }
}
