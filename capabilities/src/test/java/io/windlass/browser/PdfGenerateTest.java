package io.windlass.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import io.windlass.web.StubServer;
import io.windlass.workspace.Workspace;
import java.awt.image.BufferedImage;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents that the real Chromium prints. */
@Timeout(60)
class PdfGenerateTest {
  @TempDir private static Path shared;
  private static Browsers browsers;
  @TempDir private Path root;
  private final FakeStepContext context = FakeStepContext.with("title", "Tides & moon");

  @BeforeAll
  static void open() {
    browsers =
        new Browsers(
            new BrowserConfig(null, null, shared), host -> List.of(InetAddress.getAllByName(host)));
  }

  @AfterAll
  static void shut() throws Exception {
    browsers.close();
  }

  @Test
  void printsHtml() throws Exception {
    String path =
        run("{\"html\":\"<h1>{title}</h1><p>Hello<br>there\",\"output_path\":\"out/report.pdf\"}");
    assertThat(path).isEqualTo(root.toRealPath().resolve("out/report.pdf").toString());
    assertThat(text(path)).contains("Tides & moon", "Hello", "there");
  }

  @Test
  void printsMarkdown() throws Exception {
    String path = run("{\"markdown\":\"# {title}\\n\\n| a | b |\\n|---|---|\\n| one | two |\"}");
    assertThat(path).endsWith(".pdf");
    assertThat(text(path)).contains("Tides & moon", "one two").doesNotContain("|", "#");
  }

  @Test
  void printsManyPages() throws Exception {
    String path = run("{\"html\":\"" + "<p>line</p>".repeat(500) + "\",\"output_path\":\"long\"}");
    try (PDDocument pdf = Loader.loadPDF(Path.of(path).toFile())) {
      assertThat(pdf.getNumberOfPages()).isGreaterThan(5);
    }
    assertThat(path).endsWith("long.pdf");
  }

  @Test
  void fetchesNothing() throws Exception {
    try (StubServer stub = new StubServer()) {
      String url = "http://127.0.0.1:" + stub.port();
      String html =
          ("<link rel=stylesheet href='%1$s/a.css'><img src='%1$s/b.png'><img src='file:///etc/passwd'>"
                  + "<meta http-equiv=refresh content='0;url=%1$s/c'><script>fetch('%1$s/d')</script>"
                  + "<iframe src='%1$s/e'></iframe><img src=x onerror='fetch(`%1$s/f`)'>"
                  + "<style>p{background:url(%1$s/g.png)}</style><p>ok")
              .formatted(url);
      assertThat(text(run("{\"html\":\"" + html + "\"}"))).contains("ok");
      assertThat(stub.seen).isEmpty();
    }
  }

  @Test
  void showsPicturesOfTheWorkspace() throws Exception {
    Files.createDirectories(root.resolve("art"));
    draw(40, root.resolve("art/a b.png"));
    draw(50, root.resolve("art/c.png"));
    String absolute = root.resolve("art/c.png").toUri().toString();
    String html = "<img src='art/a b.png'><img src='%s'><img src='gone.png'>".formatted(absolute);
    try (PDDocument pdf = Loader.loadPDF(Path.of(run("{\"html\":\"" + html + "\"}")).toFile())) {
      var resources = pdf.getPage(0).getResources();
      var widths = new ArrayList<Integer>();
      for (var name : resources.getXObjectNames()) {
        if (resources.getXObject(name) instanceof PDImageXObject picture) {
          widths.add(picture.getWidth());
        }
      }
      assertThat(widths).contains(40, 50);
    }
  }

  private static void draw(int size, Path file) throws Exception {
    ImageIO.write(new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB), "png", file.toFile());
  }

  @Test
  void saysWhatToInstall() throws Exception {
    try (Browsers none =
        new Browsers(new BrowserConfig("/no/such/chromium", null, shared), host -> List.of())) {
      PdfGenerate tool = new PdfGenerate(none, new Workspace(root, root));
      assertThatThrownBy(() -> tool.run(Calls.of(context, "{\"html\":\"<p>x\"}")))
          .hasMessageContaining("WINDLASS_BROWSER");
    }
  }

  @Test
  void refusesWhatItCannotPrint() {
    assertThatThrownBy(() -> run("{\"output_path\":\"x.pdf\"}")).hasMessageContaining("\"html\"");
    assertThatThrownBy(() -> run("{\"html\":\"<p>x\",\"output_path\":\"/etc/x.pdf\"}"))
        .hasMessageContaining("outside the workspace");
    assertThat(Files.exists(Path.of("/etc/x.pdf"))).isFalse();
  }

  private String run(String fields) throws Exception {
    return new PdfGenerate(browsers, new Workspace(root, root)).run(Calls.of(context, fields));
  }

  private static String text(String path) throws Exception {
    try (PDDocument pdf = Loader.loadPDF(Path.of(path).toFile())) {
      return new PDFTextStripper().getText(pdf);
    }
  }
}
