package io.windlass.surface.unified;

import io.javalin.http.Context;
import java.util.List;

/** The page at the root: which surfaces there are, where, and where their documents are. */
final class LandingPage {
  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Windlass</title>
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
          body { max-width: 46rem; margin: 3rem auto; padding: 0 1rem; }
          table { border-collapse: collapse; width: 100%%; }
          th, td { text-align: left; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #8884; }
          code { font-size: .9em; }
        </style>
      </head>
      <body>
        <h1>Windlass</h1>
        <p>Version %s. One engine, several APIs over it:</p>
        <table>
          <tr><th>Surface</th><th>Address</th><th>Document</th></tr>
      %s  </table>
        <p><a href="openapi/">All documents in a viewer</a> ·
           <a href="health">Health</a> · <a href="metrics">Figures</a></p>
        <p>Try <code>curl %s/v1/executions</code></p>
      </body>
      </html>
      """;
  private final String version;
  private final List<ApiDocument> documents;

  LandingPage(String version, List<ApiDocument> documents) {
    this.version = version;
    this.documents = documents;
  }

  void answer(Context context) {
    StringBuilder rows = new StringBuilder();
    for (ApiDocument one : documents) {
      String url = one.baseUrl().get();
      String address = url.isEmpty() ? "no port of its own" : link(url, url);
      rows.append("    <tr><td>").append(escape(one.title())).append("</td><td>");
      rows.append(address).append("</td><td>");
      rows.append(link("openapi/" + one.name() + ".yaml", one.name() + ".yaml"));
      rows.append("</td></tr>\n");
    }
    context
        .contentType("text/html")
        .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        .result(PAGE.formatted(escape(version), rows, escape(here(context))));
  }

  private static String here(Context context) {
    return context.scheme() + "://" + context.host();
  }

  private static String link(String url, String text) {
    return "<a href=\"" + escape(url) + "\">" + escape(text) + "</a>";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
