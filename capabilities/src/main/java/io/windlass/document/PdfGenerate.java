package io.windlass.document;

import com.openhtmltopdf.extend.FSStream;
import com.openhtmltopdf.pdfboxout.PdfRendererBuilder;
import io.windlass.kernel.WindlassException;
import io.windlass.tool.PreTool;
import io.windlass.tool.PreToolCall;
import io.windlass.tool.WorkFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.helper.W3CDom;
import org.jsoup.nodes.Document;

/**
 * The pre-tool {@code pdf_generate}: a PDF from {@code html} or {@code markdown}, written to {@code
 * output_path}; gives its path. Nothing is fetched from the web: pictures come as data URLs or from
 * the workspace.
 */
public final class PdfGenerate implements PreTool {
  private static final int LONGEST = 5_000_000;
  private static final int PICTURE_LIMIT = 20 << 20;
  private static final String STYLE =
      """
      @page { size: A4; margin: 20mm 18mm; }
      body { font-family: sans-serif; font-size: 11pt; line-height: 1.45; }
      pre, code { font-family: monospace; font-size: 9.5pt; }
      pre { background: #f4f4f4; padding: 8px; white-space: pre-wrap; word-wrap: break-word; }
      table { border-collapse: collapse; }
      th, td { border: 1px solid #999; padding: 3px 6px; text-align: left; vertical-align: top; }
      img { max-width: 100%; }
      """;

  private final WorkFiles files;

  public PdfGenerate(WorkFiles files) {
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
  public String run(PreToolCall call) throws IOException {
    Document document = Jsoup.parse(html(call));
    document.select("script, noscript, iframe, object, embed").remove();
    document.head().prependElement("style").appendChild(new org.jsoup.nodes.DataNode(STYLE));
    ByteArrayOutputStream pdf = new ByteArrayOutputStream();
    PdfRendererBuilder builder = new PdfRendererBuilder();
    builder.useFastMode();
    builder.useHttpStreamImplementation(PdfGenerate::refused);
    builder.useProtocolsStreamImplementation(this::local, "file", "work");
    builder.useProtocolsStreamImplementation(PdfGenerate::refused, "ftp", "jar");
    builder.withW3cDocument(new W3CDom().fromJsoup(document), "work:/");
    builder.toStream(pdf);
    builder.run();
    return files.write(target(call), pdf.toByteArray()).toString();
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

  private FSStream local(String uri) {
    String path = uri.replaceFirst("^(?:file|work):/*", uri.startsWith("file:") ? "/" : "");
    try {
      return new Bytes(
          files.read(java.net.URLDecoder.decode(path, StandardCharsets.UTF_8), PICTURE_LIMIT));
    } catch (IOException | WindlassException e) {
      return new Bytes(new byte[0]);
    }
  }

  private static FSStream refused(String uri) {
    return new Bytes(new byte[0]);
  }

  /** The content of one address. */
  private record Bytes(byte[] bytes) implements FSStream {
    @Override
    public InputStream getStream() {
      return new ByteArrayInputStream(bytes);
    }

    @Override
    public Reader getReader() {
      return new InputStreamReader(getStream(), StandardCharsets.UTF_8);
    }
  }
}
