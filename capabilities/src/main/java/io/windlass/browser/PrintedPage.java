package io.windlass.browser;

import com.microsoft.playwright.Route;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.WorkFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * A document to be printed, at an address that exists in the browser alone, with the workspace's
 * files beside it. Every request of the page comes here; what is asked of others is refused.
 */
final class PrintedPage {
  static final String ADDRESS = "http://print.invalid/";

  private static final int PICTURE_LIMIT = 20 << 20;
  private static final String POLICY =
      "default-src 'none'; style-src 'self' 'unsafe-inline' data:; img-src 'self' data:;"
          + " font-src 'self' data:; base-uri 'none'; form-action 'none'";
  private static final String STYLE =
      """
      body { font-family: sans-serif; font-size: 11pt; line-height: 1.45; margin: 0; }
      pre, code { font-family: monospace; font-size: 9.5pt; }
      pre { background: #f4f4f4; padding: 8px; white-space: pre-wrap; overflow-wrap: anywhere; }
      table { border-collapse: collapse; }
      th, td { border: 1px solid #999; padding: 3px 6px; text-align: left; vertical-align: top; }
      img { max-width: 100%; }
      """;
  private static final Map<String, String> TYPES =
      Map.of("css", "text/css", "svg", "image/svg+xml", "html", "text/plain", "htm", "text/plain");

  private final String html;
  private final WorkFiles files;

  PrintedPage(String source, WorkFiles files) {
    Document document = Jsoup.parse(source);
    document.select("script, noscript, iframe, frame, object, embed, base").remove();
    document.select("meta[http-equiv=refresh]").remove();
    // A page of the web may not ask for files; this one means those of the workspace.
    for (Element element : document.select("[src^=file:], link[href^=file:]")) {
      String name = element.hasAttr("src") ? "src" : "href";
      element.attr(name, element.attr(name).replaceFirst("^file:/*", ADDRESS + "/"));
    }
    document.head().prependElement("style").appendChild(new DataNode(STYLE));
    document.head().prependElement("meta").attr("charset", "utf-8");
    this.html = document.outerHtml();
    this.files = files;
  }

  void answer(Route route) {
    String url = route.request().url();
    if (url.equals(ADDRESS)) {
      route.fulfill(
          new Route.FulfillOptions()
              .setContentType("text/html; charset=utf-8")
              .setHeaders(
                  Map.of(
                      "Content-Type",
                      "text/html; charset=utf-8",
                      "Content-Security-Policy",
                      POLICY))
              .setBody(html));
    } else if (url.startsWith(ADDRESS)) {
      file(route, url);
    } else {
      route.abort("accessdenied");
    }
  }

  private void file(Route route, String url) {
    try {
      String path = URI.create(url).getPath().substring(1);
      byte[] bytes = files.read(path, PICTURE_LIMIT);
      String type = TYPES.get(path.substring(path.lastIndexOf('.') + 1));
      Route.FulfillOptions answer = new Route.FulfillOptions().setBodyBytes(bytes);
      route.fulfill(type == null ? answer : answer.setContentType(type));
    } catch (IOException | UncheckedIOException | WindlassException | IllegalArgumentException e) {
      route.abort("failed");
    }
  }
}
