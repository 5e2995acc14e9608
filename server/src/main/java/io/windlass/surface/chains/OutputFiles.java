package io.windlass.surface.chains;

import io.windlass.execution.ExecutionDetail;
import io.windlass.execution.Executions;
import io.windlass.execution.StepView;
import io.windlass.kernel.ExecutionId;
import io.windlass.kernel.Json;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the files that an ended execution's outputs speak of; what was found once is kept. */
final class OutputFiles {
  private static final int KEPT = 2_000;
  private static final int MOST = 100;
  private static final Pattern PATH =
      Pattern.compile(
          "(?<![\\w./~-])/(?:[^\\s\"'`<>|()\\[\\]{},;:*?/]{1,255}/){0,32}[^\\s\"'`<>|()\\[\\]{},;:*?/]{1,250}\\.(?:pdf|png|jpe?g|csv)\\b",
          Pattern.CASE_INSENSITIVE);

  private final Executions executions;
  private final Map<End, List<String>> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<End, List<String>> eldest) {
          return size() > KEPT;
        }
      };

  /** One end of an execution: a resumed one ends again, with other outputs. */
  private record End(ExecutionId id, @Nullable Instant at) {}

  OutputFiles(Executions executions) {
    this.executions = executions;
  }

  /** Absolute paths, each once, in the order of the steps; none while the execution runs. */
  List<String> of(ExecutionDetail summary) {
    if (!summary.execution().status().isFinal()) {
      return List.of();
    }
    ExecutionId id = summary.execution().id();
    End end = new End(id, summary.execution().finishedAt());
    @Nullable List<String> found;
    synchronized (known) {
      found = known.get(end);
    }
    if (found == null) {
      found = scan(executions.detail(id));
      synchronized (known) {
        known.put(end, found);
      }
    }
    return found;
  }

  private static List<String> scan(ExecutionDetail detail) {
    Set<String> files = new LinkedHashSet<>();
    for (StepView step : detail.steps()) {
      find(Json.show(step.output()), files);
    }
    find(Json.show(detail.execution().result()), files);
    return List.copyOf(files);
  }

  static void find(String text, Set<String> into) {
    Matcher matcher = PATH.matcher(text);
    while (into.size() < MOST && matcher.find()) {
      into.add(matcher.group());
    }
  }
}
