package io.windlass.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The server's own figures at one moment, by name with tags.
 *
 * @param values as {@code name{tag="value",…}} to number
 */
record Metrics(Map<String, Double> values) {
  Metrics {
    values = Map.copyOf(values);
  }

  /** Reads the Prometheus text format. */
  static Metrics parse(String text) {
    Map<String, Double> values = new LinkedHashMap<>();
    text.lines()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .forEach(line -> {
          int gap = line.lastIndexOf(' ');
          String number = line.substring(gap + 1);
          if (gap > 0 && !number.endsWith("Inf")) {
            values.put(line.substring(0, gap), Double.parseDouble(number));
          }
        });
    return new Metrics(values);
  }

  /** The sum over all values of that name whose tags hold that text. */
  double sum(String name, String tags) {
    double sum = 0;
    for (var entry : values.entrySet()) {
      String key = entry.getKey();
      boolean named = key.equals(name) || key.startsWith(name + "{");
      if (named && key.contains(tags)) {
        sum += entry.getValue();
      }
    }
    return sum;
  }

  /** Executions that this server has ended, by the engine's count. */
  long ended() {
    return (long) sum("windlass_executions_ended_seconds_count", "");
  }

  /** Those that ended well. */
  long succeeded() {
    return (long) sum("windlass_executions_ended_seconds_count", "status=\"succeeded\"");
  }

  /** Those that it has accepted. */
  long started() {
    return (long) sum("windlass_executions_started_total", "");
  }

  double heapMegabytes() {
    return sum("jvm_memory_used_bytes", "area=\"heap\"") / (1 << 20);
  }
}
