package io.windlass.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Ten durable steps with an effect each, over and over, counted by the server. */
final class Throughput implements Row {
  static final int STEPS = 10;

  /**
   * Above this share of its processor time, in percent, the JVM's compilers are what is measured.
   */
  private static final int WARM = 5;

  private final String name;
  private final String database;
  private final int goal;

  private Throughput(String name, String database, int goal) {
    this.name = name;
    this.database = database;
    this.goal = goal;
  }

  static Throughput onSqlite() {
    return new Throughput("sqlite", "SQLite", 3_000);
  }

  static Throughput onPostgres() {
    return new Throughput("postgres", "PostgreSQL, fsync on", 2_000);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String what() {
    return "chain of %d durable effectful steps over HTTP on %s".formatted(STEPS, database);
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    if (name.equals("sqlite")) {
      return measure(bench, null);
    }
    try (Postgres postgres = Postgres.start(bench.folder().resolve("postgres"))) {
      return measure(bench, postgres);
    }
  }

  private Result measure(Bench bench, @Nullable Postgres postgres) throws Exception {
    Path home = bench.newHome();
    Map<String, String> settings = new HashMap<>(Script.settings(home, 0));
    if (postgres != null) {
      settings.put("WINDLASS_DATABASE_URL", postgres.url());
    }
    ObjectNode figures = bench.figures();
    try (ServerProcess server = ServerProcess.start(bench, home, settings)) {
      figures.put("server_jvm", server.jvmOptions());
      SteadyLoad load = new SteadyLoad(bench, server, postgres);
      double rate = load.run(name, figures);
      long compiling = figures.get(SteadyLoad.COMPILING).asLong();
      return new Result(
          "%,.0f executions/s = %,.0f steps/s, %.2f ms CPU each%s"
              .formatted(
                  rate,
                  rate * STEPS,
                  figures.get("server_cpu_ms_each").asDouble(),
                  compiling > WARM
                      ? " (%d %% of it compiling: not warm yet, raise --scale)".formatted(compiling)
                      : ""),
          "%,d executions/s".formatted(goal),
          rate >= goal,
          figures);
    }
  }
}
