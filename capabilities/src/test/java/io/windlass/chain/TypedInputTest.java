package io.windlass.chain;

import static io.windlass.chain.Documents.CHAINS;
import static io.windlass.chain.Documents.chain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.windlass.definition.Finding;
import io.windlass.kernel.ErrorCode;
import io.windlass.kernel.Fault;
import io.windlass.kernel.Json;
import io.windlass.kernel.WindlassException;
import io.windlass.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class TypedInputTest {
  private static final String PIXEL =
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  @TempDir private Path folder;

  @Test
  void tellsEveryFaultOfEveryInputByItsPlace() {
    String inputs =
        "[{name: a}, {name: n, type: number, max: 3}, {name: c, min_length: 4, pattern: '^x'}]";
    assertThatThrownBy(() -> begin(inputs, "{\"n\": 7, \"c\": \"yo\"}"))
        .isInstanceOfSatisfying(
            WindlassException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
              assertThat(e.faults())
                  .extracting(Fault::path)
                  .containsExactly("input.a", "input.n", "input.c", "input.c");
              assertThat(e.text()).doesNotContain("\n");
            });
  }

  @Test
  void takesADeclaredDefault_alsoAnEmptyOne() {
    assertThat(begin("[{name: a, default: ''}, {name: b, default: x}]", "{\"b\": \"\"}"))
        .containsEntry("a", "")
        .containsEntry("b", "x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type: number | 1d | must be a number",
        "type: number | 0x10 | must be a number",
        "type: image | notes.txt | must be a file of the kind image/*",
        "type: image | data:text/plain,hi | must be a file of the kind image/*",
        "type: image | data:image/png;base64,@@ | cannot be decoded",
        "type: file | data:nothing | must be a data: URL",
        "type: file | https://x.test/a.pdf | must be a path inside the workspace",
        "type: file, accepts: [.pdf] | a.txt | kind .pdf",
        "type: file, accepts: 'application/pdf, .md' | a.txt | kind application/pdf, .md",
        "type: file, max_file_size: 3 | data:text/plain,four | at most 3 bytes",
        "type: file | ../../etc/passwd | outside the workspace",
        "type: file | missing.txt | there is no file",
      })
  void refusesWhatBreaksTheRules(String rules, String value, String words) {
    assertThatThrownBy(() -> begin("[{name: x, " + rules + "}]", one(value)))
        .hasMessageContaining(words);
  }

  @Test
  void takesFilesOfTheWorkspaceAndDataUrls() throws Exception {
    Files.writeString(folder.resolve("report.pdf"), "12345");
    String inputs = "[{name: x, type: file, accepts: [.pdf, image/*], max_file_size: 1KB}]";
    assertThat(begin(inputs, one("report.pdf"))).containsEntry("x", "report.pdf");
    assertThat(begin(inputs, one(PIXEL))).containsEntry("input.x", PIXEL);
    assertThat(begin("[{name: x, type: image}]", one(PIXEL))).containsEntry("x", PIXEL);
    assertThatThrownBy(() -> begin("[{name: x, type: file, max_file_size: 4}]", one("report.pdf")))
        .hasMessageContaining("at most 4 bytes");
  }

  @Test
  void doesNotLookForFiles_whenTheRunIsToBeginLater() {
    String source = source("[{name: x, type: file}, {name: n, type: number, optional: true}]");
    kind().check("c", source, (ObjectNode) Json.read(one("later.txt")));
    assertThatThrownBy(
            () -> kind().check("c", source, Json.object().put("x", "a").put("n", "many")))
        .hasMessageContaining("the input n must be a number");
  }

  @Test
  void lintTellsWhatIsWrongWithTheDeclarations() {
    String inputs =
        """
        [{name: e, type: enum}, {name: d, type: enum, enum: [a, b], default: c, enum_labels: [A]},
        {name: p, pattern: '('}, {name: n, type: number, min: 5, max: 1}, {name: l, min_length: 3, max_length: 2},
        {name: x, type: number, default: many, examples: [1, two]}, {name: u, min: 3}, {name: u},
        {name: f, type: file, max_file_size: huge}]\
        """;
    List<Finding> findings = CHAINS.lint("sample", source(inputs));
    assertThat(findings)
        .filteredOn(Finding::error)
        .extracting(Finding::path)
        .containsExactly(
            "inputs.0.enum",
            "inputs.1.default",
            "inputs.2.pattern",
            "inputs.3.min",
            "inputs.4.min_length",
            "inputs.5.default",
            "inputs.8.max_file_size");
    assertThat(findings)
        .filteredOn(finding -> !finding.error() && finding.path().startsWith("inputs."))
        .extracting(Finding::path)
        .containsExactly(
            "inputs.1.enum_labels", "inputs.5.examples.1", "inputs.6.type", "inputs.7.name");
  }

  @Test
  void pipelinesKeepTheSameRules() {
    String source =
        "name: p\noutput: a\ninputs: [{name: n, type: number, default: many}]\nchains: [{id: a, chain: x}]";
    assertThat(new PipelineKind().lint("p", source))
        .anyMatch(finding -> finding.error() && finding.path().equals("inputs.0.default"));
    assertThatThrownBy(() -> new PipelineKind().begin("p", source, Json.object().put("n", "x")))
        .hasMessageContaining("the pipeline input n must be a number");
  }

  @Test
  void outlinesCarryTheRules() {
    String inputs = "[{name: e, type: enum, enum: [a, b], enum_labels: {a: Ay}, placeholder: p}]";
    assertThat(CHAINS.outline("c", source(inputs)).inputs().getFirst().rules())
        .hasToString(
            "{\"enum\":[\"a\",\"b\"],\"enum_labels\":{\"a\":\"Ay\"},\"placeholder\":\"p\"}");
  }

  private static String one(String value) {
    return Json.object().put("x", value).toString();
  }

  private static String source(String inputs) {
    return "inputs: " + inputs + "\n" + chain("id: a, prompt: p, output_var: out");
  }

  private ChainKind kind() {
    Workspace workspace = new Workspace(folder, folder.resolve("temp"));
    return new ChainKind(
        Map.of(),
        Map.of(),
        Map::of,
        file -> OptionalLong.of(workspace.size(file)),
        SavedChains.UNSEEN,
        VariableBudget.NONE,
        0);
  }

  private Map<String, String> begin(String inputs, String given) {
    return kind().begin("c", source(inputs), (ObjectNode) Json.read(given)).texts();
  }
}
