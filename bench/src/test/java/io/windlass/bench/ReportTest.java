package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {
  private static final Options OPTIONS = Options.parse(List.of("--scale", "0.5"), List.of());
  private static final Report.Line MEASURED =
      new Report.Line(
          new Latency(),
          new Result("2 ms", "3 ms", true, JsonMapper.shared().createObjectNode().put("p50_ms", 2)),
          null);
  private static final Report.Line BROKEN = new Report.Line(new Gates(), null, "the disk is full");

  @Test
  void showsWhatWasReachedAndWhatCouldNotBeMeasured() {
    assertThat(Report.table(List.of(MEASURED, BROKEN)).lines().map(line -> line.split("\\s{2,}")))
        .contains(
            new String[] {"latency", "2 ms", "3 ms", "yes"},
            new String[] {"gates", "not measured: the disk is full", "-"});
  }

  @Test
  void writesMachineSettingsAndFigures() {
    var json = JsonMapper.shared().readTree(Report.json(OPTIONS, List.of(MEASURED, BROKEN)));
    assertThat(json.at("/machine/cpus").asInt()).isPositive();
    assertThat(json.at("/settings/scale").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/rows/0/figures/p50_ms").asInt()).isEqualTo(2);
    assertThat(json.at("/rows/1/failure").asString()).isEqualTo("the disk is full");
  }
}
