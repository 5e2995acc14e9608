package io.windlass.web;

import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.WindlassException;
import java.net.IDN;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checked http or https address.
 *
 * @param uri without a fragment; what stood in it unescaped is escaped
 * @param host in lower case, without brackets
 * @param port the given one, or the scheme's
 */
record WebAddress(URI uri, String host, int port) {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]@:]+)(?::(\\d{1,5}))?");
  private static final String PLAIN = "-._~:/?#[]@!$&'()*+,;=%";

  /**
   * Reads an address.
   *
   * @throws WindlassException INVALID_INPUT naming what is wrong with it
   */
  static WebAddress of(String given) {
    String text = given.trim();
    int fragment = text.indexOf('#');
    String whole = escaped(fragment < 0 ? text : text.substring(0, fragment));
    URI uri;
    try {
      uri = new URI(whole);
    } catch (URISyntaxException e) {
      throw invalid(text, "is not a URL: " + e.getReason());
    }
    return of(uri, text);
  }

  /** Where a redirect leads. */
  WebAddress resolve(String location) {
    URI next = uri.resolve(reference(location));
    return of(next.toString());
  }

  private static URI reference(String location) {
    try {
      return new URI(escaped(location.trim()));
    } catch (URISyntaxException e) {
      throw invalid(location, "is not a URL to be redirected to: " + e.getReason());
    }
  }

  private static WebAddress of(URI uri, String given) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw invalid(given, "must begin with http:// or https://");
    }
    String authority = uri.getRawAuthority();
    if (authority == null) {
      throw invalid(given, "names no host");
    }
    if (authority.indexOf('@') >= 0) {
      throw invalid(given, "holds a user name; send an Authorization header instead");
    }
    Matcher match = AUTHORITY.matcher(authority);
    if (!match.matches()) {
      throw invalid(given, "has an unusable host");
    }
    String host = match.group(1).toLowerCase(Locale.ROOT);
    int port = scheme.equals("http") ? 80 : 443;
    String number = match.group(2);
    if (number != null) {
      port = Integer.parseInt(number);
      if (port < 1 || port > 65_535) {
        throw invalid(given, "has an unusable port");
      }
    }
    return new WebAddress(
        uri, host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }

  boolean sameServer(WebAddress other) {
    return host.equals(other.host)
        && port == other.port
        && String.valueOf(uri.getScheme()).equalsIgnoreCase(other.uri.getScheme());
  }

  /** For messages: no query, since keys hide there. */
  String shown() {
    return uri.getScheme() + "://" + uri.getRawAuthority() + String.valueOf(uri.getRawPath());
  }

  /** Escapes what a URL may not hold: blanks, quotes, braces, letters beyond ASCII. */
  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    int path = pathBegins(text);
    String authority = text.substring(0, path);
    out.append(authority.chars().allMatch(c -> c < 128) ? authority : ascii(authority));
    byte[] rest = text.substring(path).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < rest.length; i++) {
      char c = (char) (rest[i] & 0xff);
      boolean letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      boolean sound = letter || (PLAIN.indexOf(c) >= 0 && c != '[' && c != ']');
      if (c == '%' && !(hex(rest, i + 1) && hex(rest, i + 2))) {
        sound = false;
      }
      if (sound) {
        out.append(c);
      } else {
        out.append('%').append("%02X".formatted((int) c));
      }
    }
    return out.toString();
  }

  private static boolean hex(byte[] bytes, int at) {
    return at < bytes.length && Character.digit(bytes[at], 16) >= 0;
  }

  private static int pathBegins(String text) {
    int slashes = text.indexOf("//");
    if (slashes < 0 || slashes > "https:".length()) {
      return 0;
    }
    for (int i = slashes + 2; i < text.length(); i++) {
      if ("/?#\\".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static String ascii(String authority) {
    int host = authority.indexOf("//") + 2;
    try {
      return authority.substring(0, host) + IDN.toASCII(authority.substring(host));
    } catch (IllegalArgumentException e) {
      throw invalid(authority, "has an unusable host");
    }
  }

  private static WindlassException invalid(String given, String fault) {
    int query = given.indexOf('?');
    String shown = query < 0 ? given : given.substring(0, query);
    return new WindlassException(ErrorCode.INVALID_INPUT, "url \"" + shown + "\" " + fault);
  }
}
