package io.windlass.bench;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The measured rows as a table and as JSON. */
final class Report {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Report() {}

  /**
   * A row with what came of it.
   *
   * @param result null when it could not be measured
   * @param failure why it could not be measured; null when it was
   */
  record Line(Row row, @Nullable Result result, @Nullable String failure) {
    private String measured() {
      return result == null ? "not measured: " + failure : result.measured();
    }

    private String goal() {
      return result == null ? "" : result.goal();
    }

    private String reached() {
      return result == null ? "-" : result.reached() ? "yes" : "no";
    }
  }

  static String table(List<Line> lines) {
    int measured = width(lines.stream().map(Line::measured).toList(), "measured");
    int goal = width(lines.stream().map(Line::goal).toList(), "goal");
    int name = width(lines.stream().map(line -> line.row().name()).toList(), "row");
    String format = "%-" + name + "s  %-" + measured + "s  %-" + goal + "s  %s%n";
    StringBuilder table = new StringBuilder(System.lineSeparator());
    table.append(format.formatted("row", "measured", "goal", "reached"));
    for (Line line : lines) {
      table.append(
          format.formatted(line.row().name(), line.measured(), line.goal(), line.reached()));
    }
    return table.toString();
  }

  static String json(Options options, List<Line> lines) {
    ObjectNode report = MAPPER.createObjectNode();
    report.put("at", Instant.now().toString());
    Machine.describe(report.putObject("machine"));
    report
        .putObject("settings")
        .put("scale", options.scale())
        .put("in_flight", options.inFlight())
        .put("connections", options.connections())
        .put("java_opts", options.javaOpts());
    var rows = report.putArray("rows");
    for (Line line : lines) {
      ObjectNode row = rows.addObject();
      row.put("name", line.row().name()).put("what", line.row().what());
      if (line.result() == null) {
        row.put("failure", line.failure());
      } else {
        row.put("measured", line.result().measured());
        row.put("goal", line.result().goal());
        row.put("reached", line.result().reached());
        row.set("figures", line.result().figures());
      }
    }
    return MAPPER.writeValueAsString(report) + "\n";
  }

  private static int width(List<String> texts, String head) {
    return texts.stream().mapToInt(String::length).reduce(head.length(), Math::max);
  }
}
