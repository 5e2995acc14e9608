package io.windlass.http;

import io.javalin.http.Context;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets requests in that carry one of the configured bearer tokens, or all when there are none. */
final class Auth {
  private static final String SCHEME = "bearer ";
  private final List<byte[]> digests;

  Auth(Set<String> tokens) {
    this.digests = tokens.stream().map(Auth::digest).toList();
  }

  boolean isOpen() {
    return digests.isEmpty();
  }

  void check(Context context) {
    if (lets(context.header("Authorization"))) {
      return;
    }
    context.header("WWW-Authenticate", "Bearer");
    throw new WindlassException(
        ErrorCode.UNAUTHENTICATED,
        "This server asks for a token: send the header Authorization: Bearer <token>");
  }

  /** Whether that {@code Authorization} header lets a request in. */
  boolean lets(@Nullable String header) {
    return isOpen() || accepts(header);
  }

  private boolean accepts(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] given = digest(header.substring(SCHEME.length()).strip());
    boolean found = false;
    // Every token is compared in full so that the time tells nothing about any of them.
    for (byte[] digest : digests) {
      found |= MessageDigest.isEqual(digest, given);
    }
    return found;
  }

  private static byte[] digest(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
