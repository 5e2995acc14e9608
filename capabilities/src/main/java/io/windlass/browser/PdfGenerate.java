package io.windlass.browser;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Margin;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * The pre-tool {@code pdf_generate}: a PDF from {@code html} or {@code markdown}, printed by the
 * browser and written to {@code output_path}; gives its path. Nothing is fetched from the web:
 * pictures come as data URLs or from the workspace. Scripts do not run.
 */
public final class PdfGenerate implements PreTool {
  private static final int LONGEST = 5_000_000;

  private final Browsers browsers;
  private final WorkFiles files;

  public PdfGenerate(Browsers browsers, WorkFiles files) {
    this.browsers = browsers;
    this.files = files;
  }

  @Override
  public String name() {
    return "pdf_generate";
  }

  @Override
  public List<String> required() {
    return List.of();
  }

  @Override
  public boolean cacheable() {
    return false;
  }

  @Override
  public String run(PreToolCall call) throws Exception {
    PrintedPage printed = new PrintedPage(html(call), files);
    String target = target(call);
    // A place that may not be written to is told before the browser is started.
    var _ = files.inside(target);
    byte[] pdf =
        browsers.visit(
            Viewport.STANDARD,
            call.context(),
            visit -> {
              visit.show(PrintedPage.ADDRESS, printed::answer);
              return visit.print(
                  new Page.PdfOptions()
                      .setFormat("A4")
                      .setPreferCSSPageSize(true)
                      .setPrintBackground(true)
                      .setMargin(
                          new Margin()
                              .setTop("20mm")
                              .setBottom("20mm")
                              .setLeft("18mm")
                              .setRight("18mm")));
            });
    return files.write(target, pdf).toString();
  }

  private static String html(PreToolCall call) {
    String html = call.text("html");
    String given = html.isBlank() ? call.text("content") : html;
    String markdown = call.text("markdown");
    if (given.isBlank() == markdown.isBlank()) {
      throw WindlassException.invalid(
          "pdf_generate needs \"html\" or \"markdown\" that is not empty, and not both");
    }
    String source = given.isBlank() ? markdown : given;
    if (source.length() > LONGEST) {
      throw WindlassException.invalid(
          "pdf_generate: %d characters are too many; the most are %d"
              .formatted(source.length(), LONGEST));
    }
    return given.isBlank() || !looksLikeHtml(given) ? MarkdownHtml.of(source) : given;
  }

  /** Models asked for HTML often answer Markdown. */
  private static boolean looksLikeHtml(String text) {
    String begin = text.strip();
    return begin.startsWith("<")
        || (begin.indexOf("</") >= 0 && !begin.startsWith("#") && !begin.startsWith("```"));
  }

  private static String target(PreToolCall call) {
    String given = call.text("output_path").trim();
    if (given.isEmpty()) {
      return "documents/" + UUID.randomUUID() + ".pdf";
    }
    return given.toLowerCase(Locale.ROOT).endsWith(".pdf") ? given : given + ".pdf";
  }
}
