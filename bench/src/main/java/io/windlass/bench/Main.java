package io.windlass.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command {@code ./windlass bench}. */
public final class Main {
  private Main() {}

  private static List<Row> rows() {
    return List.of(
        Throughput.onSqlite(),
        Throughput.onPostgres(),
        new Latency(),
        new Streams(),
        new SlowModel(),
        new Gates(),
        new StartUp(),
        new Crashes(false),
        new Crashes(true));
  }

  /** Exits with 0 when everything could be measured, whether or not the goals were reached. */
  public static void main(String[] arguments) {
    List<String> names = rows().stream().map(Row::name).toList();
    try {
      Options options = Options.parse(List.of(arguments), names);
      if (options.help()) {
        System.out.print(Options.USAGE.formatted(String.join(", ", names)));
        return;
      }
      System.exit(run(options) ? 0 : 1);
    } catch (Options.BadArgument e) {
      System.err.println("windlass bench: " + e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println("windlass bench: " + e);
      System.exit(1);
    }
  }

  private static boolean run(Options options) throws IOException {
    if (options.profile() != null) {
      Files.createDirectories(options.profile());
    }
    Bench bench = new Bench(options, System.getenv("WINDLASS_LAUNCHER"), System.out);
    Thread hook = new Thread(bench::close, "bench-end");
    Runtime.getRuntime().addShutdownHook(hook);
    List<Report.Line> lines = new ArrayList<>();
    for (Row row : rows()) {
      if (options.wants(row.name()) && !bench.isClosed()) {
        System.out.println(row.name() + ": " + row.what());
        lines.add(measure(bench, row));
      }
    }
    System.out.print(Report.table(lines));
    Path json = options.json();
    if (json != null) {
      Files.writeString(json, Report.json(options, lines));
    }
    return lines.stream().allMatch(line -> line.failure() == null);
  }

  private static Report.Line measure(Bench bench, Row row) {
    try {
      Result result = row.measure(bench);
      result.figures().put("load_average_after", Machine.loadAverage());
      bench.say(result.measured());
      return new Report.Line(row, result, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Report.Line(row, null, "interrupted");
    } catch (Exception e) {
      if (!bench.isClosed()) {
        bench.say("could not be measured: " + e);
        e.printStackTrace(System.err);
      }
      return new Report.Line(row, null, e.toString());
    }
  }
}
