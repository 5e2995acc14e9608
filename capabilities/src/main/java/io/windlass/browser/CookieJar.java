package io.windlass.browser;

import com.microsoft.playwright.options.Cookie;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Keeps the cookies of one domain from run to run, in a file that only this user can read. */
final class CookieJar {
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?");

  private final Path folder;
  private final String domain;

  /**
   * A jar.
   *
   * @param domain whose cookies, those of its subdomains too; empty to keep none
   */
  CookieJar(Path folder, String domain) {
    this.folder = folder;
    this.domain = domain.strip().toLowerCase(Locale.ROOT).replaceFirst("^\\.", "");
    if (!this.domain.isEmpty() && !DOMAIN.matcher(this.domain).matches()) {
      throw WindlassException.invalid(
          "browser_cookies_domain must be a domain as example.org, not \"" + domain + "\"");
    }
  }

  private Path file() {
    return folder.resolve(domain + ".cookies.json");
  }

  void fill(Visit visit) throws IOException {
    if (domain.isEmpty() || !Files.exists(file())) {
      return;
    }
    List<Cookie> cookies = new ArrayList<>();
    for (JsonNode kept : Json.read(Files.readString(file()))) {
      cookies.add(
          new Cookie(kept.path("name").asString(), kept.path("value").asString())
              .setDomain(kept.path("domain").asString())
              .setPath(kept.path("path").asString())
              .setExpires(kept.path("expires").asDouble())
              .setHttpOnly(kept.path("http_only").asBoolean())
              .setSecure(kept.path("secure").asBoolean()));
    }
    if (!cookies.isEmpty()) {
      visit.addCookies(cookies);
    }
  }

  void keep(Visit visit) throws IOException {
    if (domain.isEmpty()) {
      return;
    }
    ArrayNode kept = Json.MAPPER.createArrayNode();
    for (Cookie cookie : visit.cookies()) {
      String of = String.valueOf(cookie.domain).replaceFirst("^\\.", "");
      if (of.equals(domain) || of.endsWith("." + domain)) {
        ObjectNode one = kept.addObject();
        one.put("name", cookie.name).put("value", cookie.value);
        one.put("domain", cookie.domain).put("path", cookie.path);
        one.put("expires", cookie.expires);
        one.put("http_only", cookie.httpOnly).put("secure", cookie.secure);
      }
    }
    Files.createDirectories(folder);
    // A temp file is its owner's alone, and stays so when it is moved.
    Path next = Files.createTempFile(folder, "cookies", ".tmp");
    Files.writeString(next, Json.write(kept));
    Files.move(next, file(), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
