package io.windlass.web;

import io.windlass.kernel.WindlassException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to be sent.
 *
 * @param method in upper case
 * @param headers those of the transport left out
 * @param body null for none
 */
record WebRequest(
    String method, WebAddress address, Map<String, String> headers, @Nullable String body) {
  private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Set<String> TRANSPORT =
      Set.of(
          "host", "content-length", "transfer-encoding", "connection", "upgrade", "expect", "te");
  private static final Set<String> ABOUT_BODY = Set.of("content-type", "content-encoding");

  WebRequest {
    method = method.toUpperCase(Locale.ROOT);
    Map<String, String> kept = new LinkedHashMap<>();
    headers.forEach((name, value) -> {
      if (!NAME.matcher(name).matches() || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
        throw WindlassException.invalid(
            "header \"%s\" holds a character that no header may".formatted(name.strip()));
      }
      if (!TRANSPORT.contains(name.toLowerCase(Locale.ROOT))) {
        kept.put(name, value.trim());
      }
    });
    headers = Map.copyOf(kept);
  }

  boolean has(String header) {
    return headers.keySet().stream().anyMatch(header::equalsIgnoreCase);
  }

  /**
   * The request that follows a redirect: 303, and 301 or 302 after a POST, ask with GET; the
   * headers stay with the server that they were written for, since they may hold its credentials.
   */
  WebRequest redirected(int status, WebAddress next) {
    boolean turns =
        status == 303 && !method.equals("HEAD") || status < 303 && method.equals("POST");
    Map<String, String> kept = new LinkedHashMap<>(headers);
    kept.keySet()
        .removeIf(name -> {
          String lower = name.toLowerCase(Locale.ROOT);
          return turns && ABOUT_BODY.contains(lower)
              || !next.sameServer(address)
                  && !ABOUT_BODY.contains(lower)
                  && !lower.equals("accept")
                  && !lower.equals("user-agent");
        });
    return new WebRequest(turns ? "GET" : method, next, kept, turns ? null : body);
  }
}
