package io.windlass.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.step.FakeStepContext;
import io.windlass.tool.Calls;
import io.windlass.web.StubServer;
import io.windlass.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PdfGenerateTest {
  @TempDir private Path root;
  private final FakeStepContext context = FakeStepContext.with("title", "Tides & moon");

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
          "<link rel=stylesheet href='%s/a.css'><img src='%s/b.png'><img src='file:///etc/passwd'><p>ok"
              .formatted(url, url);
      assertThat(text(run("{\"html\":\"" + html + "\"}"))).contains("ok");
      assertThat(stub.seen).isEmpty();
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
    return new PdfGenerate(new Workspace(root, root)).run(Calls.of(context, fields));
  }

  private static String text(String path) throws Exception {
    try (PDDocument pdf = Loader.loadPDF(Path.of(path).toFile())) {
      return new PDFTextStripper().getText(pdf);
    }
  }
}
