package io.windlass.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final String TEXT =
      """
      # HELP windlass_executions_ended_seconds Executions ended on this node
      # TYPE windlass_executions_ended_seconds summary
      windlass_executions_ended_seconds_count{kind="chain",status="succeeded"} 41
      windlass_executions_ended_seconds_count{kind="pipeline",status="succeeded"} 1
      windlass_executions_ended_seconds_count{kind="chain",status="failed"} 2
      windlass_executions_ended_seconds_sum{kind="chain",status="failed"} 900.5
      windlass_executions_started_total{kind="chain"} 50.0
      jvm_memory_used_bytes{area="heap",id="Eden Space"} 1048576.0
      jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 3145728.0
      jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.9E7
      """;

  @Test
  void sumsWhatTheServerCounts() {
    Metrics metrics = Metrics.parse(TEXT);
    assertThat(metrics.ended()).isEqualTo(44);
    assertThat(metrics.succeeded()).isEqualTo(42);
    assertThat(metrics.started()).isEqualTo(50);
    assertThat(metrics.heapMegabytes()).isEqualTo(4);
  }
}
