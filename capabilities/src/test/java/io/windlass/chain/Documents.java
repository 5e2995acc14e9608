package io.windlass.chain;

import io.windlass.step.StepKind;
import io.windlass.tool.PreTools;
import io.windlass.tool.PreparedKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The sample documents, and the format with every step kind of this part. */
final class Documents {
  static final ChainKind CHAINS =
      new ChainKind(
          Stream.of(
                  new TransformKind(),
                  new PreparedKind(
                      TransformKind.GATHER, new TransformKind(), new PreTools(List.of())),
                  new GateKind(),
                  new MergeKind(),
                  new SubchainKind())
              .collect(Collectors.toMap(StepKind::name, Function.identity())),
          Map.of(
              "bash", List.of("command"),
              "http_fetch", List.of("url"),
              "current_datetime", List.of()));
  static final PipelineKind PIPELINES = new PipelineKind();

  private Documents() {}

  static String sample(String name) {
    try (InputStream file = Documents.class.getResourceAsStream(name + ".yaml")) {
      if (file == null) {
        throw new IllegalArgumentException("there is no sample " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A chain of the given steps, in YAML flow style, whose output is {@code out}. */
  static String chain(String... steps) {
    StringBuilder chain = new StringBuilder("name: Sample\noutput: out\nsteps:\n");
    for (String step : steps) {
      chain.append("  - {").append(step).append("}\n");
    }
    return chain.toString();
  }
}
