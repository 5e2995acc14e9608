package io.windlass.bench;

import java.nio.file.Path;
import tools.jackson.databind.node.ObjectNode;

/** One execution of one step at a time on an idle server, from its submission to its end. */
final class Latency implements Row {
  private static final int WARM_UP = 2_000;
  private static final int COUNT = 2_000;
  private static final String WAITING = "/v1/executions?wait=30";

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String what() {
    return "one-step chain, submit to done, one at a time";
  }

  @Override
  public Result measure(Bench bench) throws Exception {
    Path home = bench.newHome();
    ObjectNode figures = bench.figures();
    Chain chain = Chain.ofSteps("one", 1, step -> {});
    try (ServerProcess server = ServerProcess.start(bench, home, Script.settings(home, 0));
        Api api = new Api(server.port());
        Api chains = new Api(server.chainsPort())) {
      chains.save(chain);
      Percentiles first = waited(api, chain, bench.options().scaled(WARM_UP, 200));
      Percentiles answered = waited(api, chain, bench.options().scaled(COUNT, 200));
      Percentiles streamed = streamed(chains, chain, bench.options().scaled(COUNT, 200));
      first.describe(figures.putObject("while_warming_up"));
      answered.describe(figures.putObject("answer_of_a_waiting_start"));
      streamed.describe(figures.putObject("start_then_stream_to_its_end"));
      double p50 = answered.millis(50);
      double p99 = answered.millis(99);
      return new Result(
          "%.2f ms / %.2f ms (by stream %.2f / %.2f)"
              .formatted(p50, p99, streamed.millis(50), streamed.millis(99)),
          "p50 3 ms / p99 15 ms",
          p50 <= 3 && p99 <= 15,
          figures);
    }
  }

  private static Percentiles waited(Api api, Chain chain, int count) throws Exception {
    Percentiles times = new Percentiles();
    String body = "{\"kind\":\"chain\",\"name\":\"" + chain.name() + "\",\"input\":{}}";
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      Answer answer = api.post(WAITING, body);
      times.add(System.nanoTime() - begun);
      if (!answer.field("status").equals("succeeded")) {
        throw new IllegalStateException("an execution did not end well: " + answer);
      }
    }
    return times;
  }

  private static Percentiles streamed(Api chains, Chain chain, int count) throws Exception {
    Percentiles times = new Percentiles();
    for (int i = 0; i < count; i++) {
      long begun = System.nanoTime();
      String id = chains.post("/execute/" + chain.name(), "{\"input\":{}}").field("executionId");
      Answer stream = chains.get("/executions/" + id + "/stream");
      times.add(System.nanoTime() - begun);
      if (!stream.body().contains("\"execution_done\"")) {
        throw new IllegalStateException("an execution did not end well: " + stream);
      }
    }
    return times;
  }
}
